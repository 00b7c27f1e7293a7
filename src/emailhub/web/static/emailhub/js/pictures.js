// Pictures before they are uploaded: smaller where they are huge, files where they are data: addresses.

const MOST_PIXELS = 2000;
const SHRINKABLE = /^image\/(?:png|jpeg|webp)$/;

function drawn(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** `file` with at most 2000 pixels on its longer side; other files and small pictures as they are. */
export async function shrunk(file) {
  if (!SHRINKABLE.test(file.type)) return file;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return file; // not a picture after all: the server will say so
  const scale = MOST_PIXELS / Math.max(bitmap.width, bitmap.height);
  if (scale >= 1) return file;
  const blob = await new Promise((done) => drawn(bitmap, scale).toBlob(done, file.type, 0.88));
  bitmap.close();
  return blob && blob.size < file.size ? new File([blob], file.name, { type: blob.type }) : file;
}

/** The file behind a data: address, by hand: the page's policy lets nobody fetch one. */
export function fileFromDataUrl(url) {
  const [, type, encoded] = /^data:(image\/[\w.+-]+);base64,(.*)$/s.exec(url) ?? [];
  if (!type) return null;
  const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
  return new File([bytes], `picture.${type.split("/")[1].replace("jpeg", "jpg")}`, { type });
}
