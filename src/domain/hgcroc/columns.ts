/** Columns of event mode, in table order; types as the HDF5 layout has them (spec: raw-format, event mode). */
export const eventColumnNames = [
  'event',
  'chip',
  'half',
  'channel',
  'adc',
  'adcm',
  'toa',
  'tot',
  'totflag',
  'trigtime',
  'trigwidth',
  'corruption',
  'bxcounter',
  'eventcounter',
  'orbitcounter',
] as const;

/** Columns of summary mode, in table order. */
export const summaryColumnNames = [
  'chip',
  'channel',
  'channeltype',
  'adc_median',
  'adc_iqr',
  'tot_median',
  'tot_iqr',
  'toa_median',
  'toa_iqr',
  'adc_mean',
  'adc_stdd',
  'tot_mean',
  'tot_stdd',
  'toa_mean',
  'toa_stdd',
  'tot_efficiency',
  'tot_efficiency_error',
  'toa_efficiency',
  'toa_efficiency_error',
  'corruption',
] as const;

/** Rows a chip has in summary mode: 72 channels, 2 calibration channels, 4 common-mode channels. */
export const summaryRowsPerChip = 78;
