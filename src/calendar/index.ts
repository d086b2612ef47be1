export { sqlIsHoliday } from './holidays';
export { DEFAULT_WINDOW, type SendingWindow } from './sending-window';
