/* An open menu closes on Escape and on a click beside it; without this script it is a plain disclosure. */
(function () {
  "use strict";
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => open().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => { menu.removeAttribute("open"); menu.querySelector("summary").focus(); });
  });
})();
