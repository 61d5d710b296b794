import { channelTypes } from './channels.js';

/** Rows that a half of a chip has in an event: common mode, channels, calibration channel. */
export const slotsPerHalf = 39;
/** Channels of a half, without calibration and common mode. */
export const channelsPerHalf = 36;

/** Type and number (as in the summary) of channel 0 … 38 of a half, as event mode counts them. */
export function channelOfSlot(half: number, slot: number): { type: number; channel: number } {
  if (slot < channelsPerHalf) return { type: channelTypes.channel, channel: slot + channelsPerHalf * half };
  if (slot === channelsPerHalf) return { type: channelTypes.calibration, channel: half };
  return { type: channelTypes.commonMode, channel: slot - 37 + 2 * half };
}
