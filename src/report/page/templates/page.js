// What the page does beyond showing: sorting, hiding structures, values of marks, copying, printing.
// Without it everything can still be read. It loads nothing and sends nothing.
(function () {
  "use strict";
  const all = (what, within) => Array.from((within || document).querySelectorAll(what));
  const said = document.getElementById("said");
  const say = (words) => { said.textContent = ""; setTimeout(() => { said.textContent = words; }, 30); };

  // Sorting: a heading is a button; rows without a value go last either way.
  const value = (row, at) => {
    const cell = row.cells[at];
    return cell.hasAttribute("data-sort") ? Number(cell.dataset.sort) : null;
  };
  const order = (at, isNumber, sign) => (one, other) => {
    if (!isNumber) {
      return sign * one.cells[at].textContent.localeCompare(other.cells[at].textContent, "en-GB");
    }
    const a = value(one, at), b = value(other, at);
    if (a === null || b === null) { return (a === null) - (b === null); }
    return sign * (a - b);
  };
  all("table[data-sortable]").forEach((table) => {
    const heads = Array.from(table.tHead.rows[0].cells);
    const body = table.tBodies[0];
    heads.forEach((head, at) => {
      const words = head.querySelector(".head");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words.textContent;
      // A button is not printed on the further pages of a table: the words stay, for print.
      words.classList.add("printed");
      words.after(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        const rows = Array.from(body.rows);
        rows.sort(order(at, rows.some((row) => value(row, at) !== null), up ? 1 : -1));
        rows.forEach((row) => body.appendChild(row));
        heads.forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        say("Sorted by " + button.textContent + (up ? ", ascending" : ", descending"));
      });
    });
  });

  // Showing and hiding structures: whatever carries the number of one.
  const filter = document.querySelector(".filter");
  if (filter) {
    const boxes = all("input", filter);
    const status = filter.querySelector(".status");
    const marked = all("[data-structure]");
    const apply = () => {
      const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      marked.forEach((one) => one.toggleAttribute("hidden", !shown.has(one.dataset.structure)));
      const words = shown.size + " of " + boxes.length + " structures shown";
      status.textContent = shown.size === boxes.length ? words : words + "; sentences and some charts still tell of all";
      measure();
    };
    boxes.forEach((box) => box.addEventListener("change", apply));
    all("[data-all]", filter).forEach((button) => button.addEventListener("click", () => {
      boxes.forEach((box, at) => { box.checked = button.dataset.all === "1" || at === 0; });
      apply();
    }));
    filter.hidden = false;
  }

  // Copying a sentence with its source.
  const citation = document.body.dataset.citation;
  const copy = (words) => {
    if (navigator.clipboard && window.isSecureContext) { return navigator.clipboard.writeText(words); }
    const area = document.createElement("textarea");
    area.value = words;
    document.body.appendChild(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("refused"));
  };
  all(".claims li").forEach((item) => {
    const claim = item.querySelector(".claim").textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy this sentence with its source");
    button.title = "Copy this sentence with its source";
    button.addEventListener("click", () => {
      copy(claim + " (" + citation + " " + item.dataset.source + ")").then(
        () => { button.textContent = "Copied"; say("Copied with its source"); },
        () => say("The browser does not allow copying"));
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
      button.focus();
    });
    item.append(" ", button);
  });

  // Values of marks in charts: on hover, and by arrow keys once the chart has the focus.
  const tip = document.getElementById("value");
  const told = (mark) => {
    const title = mark.querySelector(":scope > title");
    return mark.dataset.value || (title ? title.textContent : "");
  };
  const hide = () => { tip.hidden = true; all("[data-current]").forEach((one) => one.removeAttribute("data-current")); };
  const show = (mark) => {
    hide();
    const box = mark.getBoundingClientRect();
    mark.setAttribute("data-current", "");
    tip.textContent = told(mark);
    tip.hidden = false;
    const left = box.left + box.width / 2 - tip.offsetWidth / 2;
    const widest = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = Math.max(8, Math.min(left, widest)) + window.scrollX + "px";
    const above = box.top - tip.offsetHeight - 8;
    tip.style.top = (above > 0 ? above : box.bottom + 8) + window.scrollY + "px";
  };
  const charts = new Set();
  all("figure.chart svg").forEach((svg) => {
    const marks = all("[data-value], :scope * > title", svg)
      .map((one) => (one.tagName === "title" ? one.parentNode : one))
      .filter((one, at, list) => told(one) && list.indexOf(one) === at);
    if (marks.length === 0) { return; }
    const area = svg.closest(".scroll");
    charts.add(area);
    let at = -1;
    marks.forEach((mark) => {
      mark.addEventListener("pointerenter", () => show(mark));
      mark.addEventListener("pointerleave", hide);
    });
    area.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") { hide(); }
      if (!step) { return; }
      event.preventDefault();
      at = (at + step + marks.length) % marks.length;
      marks[at].scrollIntoView({ block: "nearest", inline: "nearest" });
      show(marks[at]);
      say(told(marks[at]));
    });
    area.addEventListener("blur", hide);
  });

  // A box that scrolls can be reached by the keyboard and has a name; one that does not is no stop.
  function measure() {
    all(".scroll").forEach((box) => {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls || charts.has(box)) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        const more = charts.has(box) ? "; arrow keys tell its values" : "; scrolls sideways";
        box.setAttribute("aria-label", box.dataset.label + more);
      } else {
        ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
      }
    });
  }
  measure();
  window.addEventListener("resize", measure);
  all("details").forEach((one) => one.addEventListener("toggle", measure));

  // Unfolding, by hand and for print.
  const unfold = document.getElementById("unfold");
  unfold.parentNode.hidden = false;
  let open = false;
  unfold.addEventListener("click", () => {
    open = !open;
    all("details").forEach((one) => { one.open = open; });
    unfold.textContent = open ? "Fold all tables" : "Unfold all tables";
  });
  let before = [];
  window.addEventListener("beforeprint", () => {
    before = all("details").filter((one) => !one.open);
    before.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => before.forEach((one) => { one.open = false; }));
  // A link into something folded unfolds it.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let one = target; one; one = one.parentElement) {
      if (one.tagName === "DETAILS") { one.open = true; }
    }
  };
  window.addEventListener("hashchange", reveal);
  reveal();
}());
