// @ts-check
/* Decides light or dark before the first paint; the host's own theme may overrule it later. */
(function () {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  function follow() {
    if (root.dataset.themeFrom !== "host") {
      root.dataset.theme = dark.matches ? "dark" : "light";
    }
  }
  dark.addEventListener("change", follow);
  follow();
})();
