import { isMap, type ConfigMap, type ConfigValue, type Key } from '../config/value.js';
import { channelBlocks } from '../hgcroc/channels.js';

/**
 * Registers in an order in which none undoes another: the block `HalfWise` writes every channel of a half, so it goes
 * before the channels' own values, which say more.
 */
export function halfWiseFirst(target: ConfigMap): ConfigMap {
  return mapChips(target, (blocks) => {
    const halfWise = blocks.get('HalfWise');
    return halfWise === undefined ? blocks : new Map<Key, ConfigValue>([['HalfWise', halfWise], ...blocks]);
  });
}

/**
 * What must be written so that the chips hold the same as if all of `state` had been: where `HalfWise` changes, the
 * channels' own values of the same parameters in that half are written again after it.
 * @param changed difference to what the chips hold; like `state` the part `target` of a configuration
 */
export function withOwnChannels(changed: ConfigMap, state: ConfigMap): ConfigMap {
  return mapChips(changed, (blocks, chip) => {
    const halfWise = blocks.get('HalfWise');
    const own = state.get(chip);
    if (!isMap(halfWise) || !isMap(own)) return blocks;
    const restored = channelBlocks.map(({ block, perHalf }): [Key, ConfigMap] => {
      const channels = own.get(block);
      const again = isMap(channels) ? channelsOf(channels, perHalf, halfWise) : [];
      const written = blocks.get(block);
      return [block, new Map([...(isMap(written) ? written : []), ...again])];
    });
    return new Map([...blocks, ...restored.filter(([, channels]) => channels.size > 0)]);
  });
}

/** Channels with those of their parameters that `halfWise` has for their half; all of what they were given, if any. */
function channelsOf(channels: ConfigMap, perHalf: number, halfWise: ConfigMap): [Key, ConfigMap][] {
  return [...channels].flatMap(([channel, parameters]): [Key, ConfigMap][] => {
    const common = halfWise.get(Math.floor(Number(channel) / perHalf));
    if (!isMap(parameters) || !isMap(common)) return [];
    return [...parameters.keys()].some((name) => common.has(name)) ? [[channel, parameters]] : [];
  });
}

function mapChips(target: ConfigMap, act: (blocks: ConfigMap, chip: Key) => ConfigMap): ConfigMap {
  return new Map([...target].map(([chip, blocks]) => [chip, isMap(blocks) ? act(blocks, chip) : blocks]));
}
