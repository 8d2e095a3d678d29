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
      if (kind === "drop" && event.dataTransfer.files.length) {
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
    request.addEventListener("error", () => end("The connection was lost, so nothing was handed in. Try again."));
    request.open("POST", form.action);
    request.send(new FormData(form));
    bar.hidden = false;
    button.disabled = true;
    status.textContent = "Sending …";
  });
}

const words = (seconds) => seconds < 1 ? "less than a second" : seconds < 90 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
const follower = document.querySelector("[data-events]");
if (follower) {
  const source = new EventSource(follower.dataset.events);
  let first;
  source.addEventListener("message", (event) => {
    if (follower.hasAttribute("data-reload")) {
      first ??= event.data;
      const busy = document.querySelector("input[type=search]")?.value || document.querySelector("input:checked");
      if (event.data !== first && !busy) { source.close(); setTimeout(() => location.reload(), 1000 * (follower.dataset.reload || 1)); }
      return;
    }
    const now = event.data === "gone" ? {} : JSON.parse(event.data);
    const place = follower.querySelector("[data-place]");
    if (now.state !== follower.dataset.state) { source.close(); location.reload(); }
    else if (now.state === "queued" && place) place.textContent = `Place ${now.position} in the queue; about ${words(now.estimate_seconds)} to go.`;
  });
}
