// Upload with progress, drop zone, and pages that follow the queue. Everything works without this script, too.
"use strict";

const form = document.querySelector("form[data-upload]");
if (form) {
  const input = form.querySelector("input[type=file]");
  const bar = form.querySelector("progress");
  const status = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  form.querySelector("[data-with-script]").hidden = false;
  for (const kind of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length && !button.disabled) {
        input.files = event.dataTransfer.files;
        form.requestSubmit();
      }
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    const end = (text) => { status.textContent = text; bar.hidden = true; button.disabled = false; };
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) bar.value = 100 * sent.loaded / sent.total;
    });
    request.addEventListener("load", () => {
      if (request.status < 400) location.assign(request.responseURL);
      else end(new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main p")?.textContent || "It didn’t work. Try again.");
    });
    request.addEventListener("error", async () => {
      // A browser sends no file that was saved again after it was chosen, and says so by this error alone.
      const changed = await input.files[0].slice(0, 1).arrayBuffer().then(() => false, () => true);
      if (changed) input.value = "";
      end(changed ? "The file has changed since you chose it. Choose it again." : "The connection was lost. Reload this page: if the file isn’t in the list, hand it in again.");
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
    bar.hidden = false;
    button.disabled = true;
    status.textContent = "Sending …";
  });
}

const words = (seconds) => seconds < 1 ? "less than a second" : seconds < 90 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
const follower = document.querySelector("[data-events]");
let first;
let stale = false;
// Whoever searches, chooses or is somewhere with the keyboard would lose that.
const busy = () => document.querySelector("input[type=search]")?.value || document.querySelector("input:checked") || document.querySelector(":focus-visible");
const renew = () => { if (stale && !busy()) location.reload(); };
const follow = (pause) => {
  const source = new EventSource(follower.dataset.events);
  source.addEventListener("open", () => { pause = 2; });
  // The browser connects again by itself, but for an answer that is an error: a proxy’s while the server starts again.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 1000 * pause, Math.min(2 * pause, 60));
  });
  source.addEventListener("message", (event) => {
    if (event.data === "gone") { source.close(); location.reload(); return; }
    if (follower.hasAttribute("data-reload")) {
      // The first event tells what has changed since the page was made; of the class page, each server may have another
      // version, so that only a newer one is news.
      const { page, ...shown } = JSON.parse(event.data);
      stale ||= first ? event.data !== first : JSON.stringify(shown) !== follower.dataset.first;
      stale ||= page > follower.dataset.page;
      first ??= event.data;
      return;
    }
    const now = JSON.parse(event.data);
    const place = follower.querySelector("[data-place]");
    if (now.state !== follower.dataset.state) { source.close(); location.reload(); }
    else if (now.state === "queued" && place) place.textContent = `Place ${now.position} in the queue; about ${words(now.estimate_seconds)} to go.`;
  });
};
if (follower) {
  follow(2);
  if (follower.hasAttribute("data-reload")) setInterval(renew, 1000 * (follower.dataset.reload || 1));
}

// How much time is left, counted from the server’s clock: the browser’s may be wrong.
const plural = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;
const remaining = (seconds) => seconds < 60 ? "less than a minute" : seconds < 7200 ? plural(Math.floor(seconds / 60), "minute") : seconds < 172800 ? plural(Math.floor(seconds / 3600), "hour") : plural(Math.floor(seconds / 86400), "day");
const opened = Date.now();
const countDown = () => {
  for (const span of document.querySelectorAll("[data-left]")) {
    const seconds = span.dataset.left - (Date.now() - opened) / 1000;
    span.textContent = seconds > 0 ? `, in ${remaining(seconds)}` : ", which is over: reload this page to see what a file costs now";
    span.hidden = false;
  }
};
if (document.querySelector("[data-left]")) {
  countDown();
  setInterval(countDown, 1000);
}
