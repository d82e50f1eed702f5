// @ts-check
/** Whether an answer is what was asked for. What is something else was not read; it is no empty record. */
import { Problem } from "./api.js";

/** @param {any} body */
export const isObject = (body) => typeof body === "object" && body !== null && !Array.isArray(body);
/** @param {any} body */
const listOrNone = (body) => body == null || Array.isArray(body);
/** @param {any} body */
const objectOrNone = (body) => body == null || isObject(body);

/** @param {any} body */
export const isRecord = (body) => isObject(body) && typeof body.state === "string" && typeof body.connection === "string"
  && [body.history, body.links, body.allowed, body.candidates].every(listOrNone)
  && [body.money, body.zoho, body.xero, body.request, body.reason, body.account, body.organisation].every(objectOrNone)
  && (body.conflict == null || Array.isArray(body.conflict.fields));

/** @param {any} body */
export const isChosen = (body) => isObject(body) && Array.isArray(body.rows) && body.rows.every(isObject) && Array.isArray(body.allowed);

/** @param {any} body */
export const isBoard = (body) => isObject(body) && isObject(body.by_state) && [body.runs, body.days, body.over_time].every(listOrNone);

/** Rows of something, page by page. @param {any} body */
export const isPage = (body) => isObject(body) && Array.isArray(body.rows) && body.rows.every(isObject);

/**
 * What an answer brought; a Problem when it is of another shape.
 * @param {{ body: any, status: number, request: string }} answer @param {(body: any) => boolean} isRight
 */
export function understood({ body, status, request }, isRight) {
  if (isRight(body)) return body;
  throw new Problem({ kind: "unreadable", status, request });
}
