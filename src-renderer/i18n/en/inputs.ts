// What the network sees: training inputs beside their originals.
export const inputs = {
  title: 'What the network sees',
  show: 'Show sixteen inputs',
  hide: 'Hide',
  hint: 'Sixteen training inputs of any step, made as the run makes them, with the same seed.',
  step: 'Step',
  stepOf: '{step} of {total}',
  draw: 'Draw',
  drawOfRun: 'as in the run',
  drawOther: 'another, {draw}',
  epoch: 'epoch {epoch}',
  size: '{height} × {width}',
  mixing: { none: 'not mixed', mixup: 'mixed by mixup', cutmix: 'mixed by CutMix' },
  needsData: 'Needs the data set on this machine.',
  making: 'Making the inputs',
  original: 'original {name}',
  asInput: 'as an input: {targets}',
} as const
