/* The hall plan as a drawing over its table of numbers: what is dragged, or moved with the arrow keys, is written into
   the fields, and what is typed there moves in the drawing. Without this file the numbers are typed. */
(() => {
  "use strict";
  const MOST = { column: 30, row: 40 };
  const LEAST = { column: 6, row: 4 };
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const SLOP = 4; // pixels: less is a click
  let form, grid, tray, cells, taken, drag;
  const past = []; // what stood in the fields before each move

  const start = () => {
    form = document.getElementById("plan");
    if (!form) return;
    grid = form.querySelector("[data-grid]");
    tray = form.querySelector("[data-tray]");
    form.querySelector("[data-drawing]").hidden = false;
    if (!form.querySelector("[data-errors]")) form.querySelector("[data-typed]").open = false;
    cells = new Map([...form.querySelectorAll("[data-place]")].map((row) => [row.dataset.place, cellOf(row)]));
    form.addEventListener("pointerdown", onDown);
    form.addEventListener("pointermove", onMove);
    form.addEventListener("pointerup", onUp);
    form.addEventListener("pointercancel", () => drop(null));
    form.addEventListener("keydown", onKey);
    form.addEventListener("input", () => draw());
    form.querySelector("[data-undo]").addEventListener("click", undo);
    draw();
  };

  function cellOf(row) {
    const [column, line] = row.querySelectorAll("input");
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "stone";
    chip.textContent = row.dataset.name;
    chip.title = row.dataset.kind;
    chip.dataset.stone = row.dataset.place;
    return { name: row.dataset.name, column, row: line, chip };
  }

  const number = (field, most) => (/^\d+$/.test(field.value.trim()) && Number(field.value) >= 1 && Number(field.value) <= most ? Number(field.value) : 0);
  const spotOf = (cell) => {
    const spot = [number(cell.column, MOST.column), number(cell.row, MOST.row)];
    return spot[0] && spot[1] ? spot : null;
  };
  const key = (spot) => spot.join(",");

  /* Drawing: each cell at its place, else in the tray; bays and aisles as they are typed. */
  function draw() {
    taken = new Map();
    const size = { ...LEAST };
    for (const [id, cell] of cells) {
      const spot = spotOf(cell);
      if (!spot || taken.has(key(spot))) {
        put(tray, cell.chip);
        cell.chip.style.gridArea = "";
        continue;
      }
      taken.set(key(spot), id);
      put(grid, cell.chip);
      cell.chip.style.gridArea = `${spot[1]} / ${spot[0]}`;
      size.column = Math.max(size.column, spot[0] + 1);
      size.row = Math.max(size.row, spot[1] + 1);
    }
    drawMarks(size);
    grid.style.setProperty("--across", Math.min(size.column, MOST.column));
    grid.style.setProperty("--down", Math.min(size.row, MOST.row));
    const left = tray.querySelectorAll(".stone").length;
    tray.querySelector("[data-left]").textContent = String(left);
    tray.classList.toggle("empty-tray", !left);
    form.querySelector("[data-undo]").disabled = !past.length;
    form.querySelector("[data-unsaved]").hidden = !changed();
  }

  const put = (home, chip) => {
    if (chip.parentElement !== home) home.append(chip);
  };

  function drawMarks(size) {
    for (const old of grid.querySelectorAll(".mark")) old.remove();
    for (const line of form.querySelectorAll("[data-mark]")) {
      const kind = line.querySelector("select").value;
      const [label, column, row] = line.querySelectorAll("input");
      const [at, down] = [number(column, MOST.column), number(row, MOST.row)];
      if ((kind !== "across" && !at) || (kind !== "along" && !down)) continue;
      const mark = document.createElement("i");
      mark.className = `mark ${kind}`;
      mark.textContent = label.value;
      mark.style.gridArea = { bay: `${down} / ${at}`, across: `${down} / 1 / auto / -1`, along: `1 / ${at} / -1 / auto` }[kind];
      size.column = Math.max(size.column, at);
      size.row = Math.max(size.row, down);
      grid.prepend(mark);
    }
  }

  const changed = () => [...form.querySelectorAll("[data-place] input, [data-mark] input")].some((el) => el.value !== el.defaultValue);

  /* Moving: whoever stands where one goes takes the place that is left. */
  function move(id, spot) {
    const cell = cells.get(id);
    const from = spotOf(cell);
    if (spot && from && key(spot) === key(from)) return;
    past.push([...cells].map(([other, one]) => [other, one.column.value, one.row.value]));
    const other = spot && cells.get(taken.get(key(spot)));
    if (other && other !== cell) write(other, from);
    write(cell, spot);
    draw();
    announce(cell, spot, other);
  }

  function write(cell, spot) {
    [cell.column.value, cell.row.value] = spot ? spot.map(String) : ["", ""];
  }

  function undo() {
    for (const [id, column, row] of past.pop() || []) Object.assign(cells.get(id).column, { value: column }), (cells.get(id).row.value = row);
    draw();
    say("Undone");
  }

  function announce(cell, spot, other) {
    const where = spot ? `at column ${spot[0]}, row ${spot[1]}` : "off the plan";
    say(`${cell.name} ${where}${other && other !== cell ? `, ${other.name} took its place` : ""}`);
  }

  const say = (words) => {
    document.getElementById("live-status").textContent = words;
  };

  function onKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.closest("input")) {
      event.preventDefault();
      return undo();
    }
    const chip = event.target.closest("[data-stone]");
    if (!chip || event.altKey || event.ctrlKey || event.metaKey) return;
    const id = chip.dataset.stone;
    const from = spotOf(cells.get(id));
    const way = WAYS[event.key];
    if (way) move(id, from && chip.parentElement === grid ? within([from[0] + way[0], from[1] + way[1]]) : firstFree());
    else if (["Delete", "Backspace"].includes(event.key)) move(id, null);
    else return;
    event.preventDefault();
    chip.focus();
  }

  const within = ([column, row]) => [Math.min(Math.max(column, 1), MOST.column), Math.min(Math.max(row, 1), MOST.row)];

  function firstFree() {
    const wide = Number(grid.style.getPropertyValue("--across")) - 1;
    for (let row = 1; row <= MOST.row; row++) {
      for (let column = 1; column <= wide; column++) if (!taken.has(key([column, row]))) return [column, row];
    }
    return null;
  }

  function onDown(event) {
    const chip = event.target.closest("[data-stone]");
    if (!chip || event.button) return;
    drag = { chip, x: event.clientX, y: event.clientY, moving: false };
    chip.setPointerCapture(event.pointerId);
  }

  function onMove(event) {
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moving && Math.hypot(dx, dy) < SLOP) return;
    drag.moving = true;
    drag.chip.classList.add("held");
    drag.chip.style.translate = `${dx}px ${dy}px`;
  }

  function onUp(event) {
    if (drag?.moving) drop(event);
    drag = null;
  }

  function drop(event) {
    if (!drag) return;
    const { chip } = drag;
    drag = null;
    chip.classList.remove("held");
    chip.style.translate = "";
    if (!event) return;
    const spot = slotAt(event.clientX, event.clientY);
    if (spot !== undefined) move(chip.dataset.stone, spot);
    chip.focus();
  }

  /* The place under the pointer; null over the tray, undefined anywhere else. */
  function slotAt(x, y) {
    const box = grid.getBoundingClientRect();
    if (x >= box.left && x < box.right && y >= box.top && y < box.bottom) {
      const [wide, high] = [Number(grid.style.getPropertyValue("--across")), Number(grid.style.getPropertyValue("--down"))];
      return within([Math.ceil(((x - box.left) / box.width) * wide), Math.ceil(((y - box.top) / box.height) * high)]);
    }
    const home = tray.getBoundingClientRect();
    return x >= home.left && x < home.right && y >= home.top && y < home.bottom ? null : undefined;
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
