export { DEFAULT_WINDOW, type SendingWindow } from './sending-window';
