// @ts-check
/*
 * Decides light or dark before the first paint. Inside CRM only CRM's own theme counts, and it is
 * light unless the host says otherwise, which it can from SDK 1.4 on; alone the page follows the system.
 */
(function () {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const embedded = window.parent !== window;
  function follow() {
    if (root.dataset.themeFrom !== "host") {
      root.dataset.theme = dark.matches && !embedded ? "dark" : "light";
    }
  }
  dark.addEventListener("change", follow);
  follow();
})();
