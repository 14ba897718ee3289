"use strict";
// Comes before everything else: whatever goes wrong later is said in the page, not only in a console that nobody has open.
function showError(text) {
  const box = document.getElementById("error");
  box.hidden = false;
  box.textContent = "The page could not draw the run: " + text;
}
window.addEventListener("error", event => showError(event.message + " (line " + event.lineno + ")"));
window.addEventListener("unhandledrejection", event => showError(String(event.reason)));
