// Comfort for the pages of the app: they work without it. Follows jobs, links sliders to numbers, copies texts.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Follow a job by server-sent events: its bar, its words, and (`reload`) its page when it is over. */
function follow(box) {
  const began = Date.now();
  const source = new EventSource(box.dataset.follow);
  source.onmessage = (event) => {
    const told = JSON.parse(event.data);
    $("progress", box).value = told.share;
    $("[data-text]", box).textContent = told.text;
    const left = $("[data-left]", box);
    if (left && told.share > 0.05 && !told.over) {
      left.textContent = left.dataset.words.replace("{time}", clock(((Date.now() - began) * (1 - told.share)) / told.share));
    }
    if (told.over) {
      source.close();
      location.reload();
    }
  };
}

/** A length of time in minutes and seconds. */
function clock(milliseconds) {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** A button that copies the text of what it names. */
function copier(button) {
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = $(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.innerText);
      button.textContent = button.dataset.done;
      setTimeout(() => (button.textContent = words), 2000);
    } catch {
      getSelection().selectAllChildren(source);
    }
  });
}

/** A slider and a number that go together; the control is marked while it is not as it was. */
function control(box) {
  const slider = $("[data-slider]", box);
  const number = $("[data-number]", box);
  slider.hidden = false;
  const mark = () => {
    box.classList.toggle("changed", number.value !== "" && Number(number.value) !== Number(box.dataset.was));
    count();
  };
  slider.addEventListener("input", () => {
    number.value = slider.value;
    mark();
  });
  number.addEventListener("input", () => {
    slider.value = number.value;
    mark();
  });
  slider.value = number.value; // a browser that goes back keeps the number
  mark();
}

/** Buttons that halve, double or restore all controls of a lever. */
function quick(lever) {
  const buttons = $("[data-quick]", lever);
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const times = Number(event.target.dataset.times);
    if (!times) return;
    for (const box of $$("[data-control]", lever)) {
      const number = $("[data-number]", box);
      const wanted = Number(box.dataset.was) * times;
      number.value = number.step === "1" ? Math.round(wanted) : Number(wanted.toPrecision(10));
      number.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

/** How many controls are changed. */
function count() {
  const bar = $("[data-changed]");
  if (!bar) return;
  const changed = $$(".control.changed").length;
  $("[data-none]", bar).hidden = changed > 0;
  bar.classList.toggle("stuck", changed > 0);
  const some = $("[data-some]", bar);
  some.hidden = changed === 0;
  some.textContent = some.dataset.words.replace("{n}", changed);
}

/** A link to something that may have to be made first: it says so beside, and when it is there. */
function keeper(link) {
  const status = link.parentElement.querySelector("[role=status]");
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    if (status.textContent) return;
    status.textContent = link.dataset.keep;
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(answer.statusText);
      const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "";
      const file = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: name });
      file.click();
      setTimeout(() => URL.revokeObjectURL(file.href), 60000);
      status.textContent = "";
    } catch {
      location.assign(link.href); // its own page tells what is wrong
    }
  });
}

$$("[data-again]").forEach((box) => setTimeout(() => location.reload(), Number(box.dataset.again)));
$$("[data-keep]").forEach(keeper);
$$("[data-follow]").forEach(follow);
$$("[data-copy]").forEach(copier);
$$("[data-control]").forEach(control);
$$("[data-lever]").forEach(quick);
