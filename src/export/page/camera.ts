import { element, isBusy, setBusy } from "./elements.js";

/**
 * Has the page's camera give pictures where it has one and the browser lends it: not every one does to a page from disk.
 * Elsewhere nothing of it is seen.
 *
 * @param take gets each picture
 * @param tell gets what went wrong, in words
 */
export async function offerCamera(
  take: (picture: File) => void,
  tell: (words: string) => void,
): Promise<void> {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  const devices = await mediaDevices?.enumerateDevices().catch(() => []);
  if (!mediaDevices || !devices?.some(({ kind }) => kind === "videoinput")) return;
  const [open, view, video] = [
    element<HTMLButtonElement>("camera"),
    element("camera-view"),
    element<HTMLVideoElement>("camera-picture"),
  ];
  let stream: MediaStream | undefined;
  const close = (): void => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    video.srcObject = null;
    const hadFocus = view.contains(document.activeElement);
    view.hidden = true;
    open.hidden = false;
    if (hadFocus) open.focus();
  };
  open.addEventListener("click", async () => {
    if (isBusy(open)) return;
    setBusy(open, true);
    try {
      stream = await mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      for (const track of stream.getTracks()) track.addEventListener("ended", close);
      video.srcObject = stream;
      await video.play();
      view.hidden = false;
      open.hidden = true;
      element("camera-take").focus();
    } catch {
      close();
      tell("The camera can't be used: it is taken, or this page isn't allowed to. ");
    } finally {
      setBusy(open, false);
    }
  });
  element("camera-take").addEventListener("click", async () => {
    if (video.videoWidth === 0) return;
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    const name = `Camera, ${new Date().toLocaleTimeString()}`;
    take(new File([await canvas.convertToBlob()], name, { type: "image/png" }));
  });
  element("camera-close").addEventListener("click", close);
  open.hidden = false;
}
