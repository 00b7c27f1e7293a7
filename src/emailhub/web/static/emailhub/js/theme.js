// Classic script in the head: the chosen theme is there before the first paint.
// Nothing chosen (or "system") leaves the choice to the operating system.
(() => {
  const KEY = "emailhub-theme";
  const root = document.documentElement;

  function chosen() {
    try {
      return localStorage.getItem(KEY) ?? "system";
    } catch {
      return "system"; // storage may be switched off
    }
  }

  function remember(theme) {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // the choice then lasts until the page is left
    }
  }

  function show(theme) {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const choice of document.querySelectorAll("[data-theme-choice]")) {
      choice.setAttribute("aria-checked", String(choice.dataset.themeChoice === theme));
    }
  }

  root.dataset.script = "on"; // styles may hide what only scripts can serve
  show(chosen());
  document.addEventListener("DOMContentLoaded", () => show(chosen()));
  addEventListener("storage", (event) => event.key === KEY && show(chosen()));
  document.addEventListener("click", (event) => {
    const choice = event.target.closest?.("[data-theme-choice]");
    if (!choice) return;
    remember(choice.dataset.themeChoice);
    show(choice.dataset.themeChoice);
  });
})();
