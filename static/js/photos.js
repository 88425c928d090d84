/* Photos are made small before they are sent: a camera's eight megabytes say no more about a leak than half a one. What
   this browser cannot draw goes out as it is, and the server says what it thinks of it. */
(() => {
  "use strict";
  const LONGEST = 2048;
  const QUALITY = 0.85;
  const SMALL = 600_000;

  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.dataset?.photos === undefined) return;
    const chosen = [...input.files];
    const made = await Promise.all(chosen.map((file) => smaller(file).catch(() => file)));
    /* Somebody chose others meanwhile. */
    if (chosen.some((file, n) => input.files[n] !== file) || input.files.length !== chosen.length) return;
    if (made.some((file, n) => file !== chosen[n])) {
      const kept = new DataTransfer();
      made.forEach((file) => kept.items.add(file));
      input.files = kept.files;
    }
    show(document.getElementById(input.dataset.photos), made);
  });

  async function smaller(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    if (file.size <= SMALL && scale === 1) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!drawn || drawn.size >= file.size) return file;
    return new File([drawn], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  }

  function show(place, files) {
    for (const old of place.querySelectorAll("img")) URL.revokeObjectURL(old.src);
    place.replaceChildren(...files.map(shown));
    place.hidden = !files.length;
  }

  function shown(file) {
    const image = new Image();
    image.alt = file.name;
    image.src = URL.createObjectURL(file);
    image.addEventListener("error", () => image.remove(), { once: true });
    return image;
  }
})();
