import type { inputs as english } from '../en/inputs.ts'
import type { Translation } from '../translation.ts'

export const inputs: Translation<typeof english> = {
  title: '网络看到的图片',
  show: '显示十六个输入',
  hide: '隐藏',
  hint: '任意一步的十六个训练输入，与运行的生成方式和种子完全相同。',
  step: '步',
  stepOf: '第 {step} 步，共 {total} 步',
  draw: '抽样',
  drawOfRun: '与运行相同',
  drawOther: '另一次，{draw}',
  epoch: '第 {epoch} 轮',
  size: '{height} × {width}',
  mixing: { none: '未混合', mixup: '以 mixup 混合', cutmix: '以 CutMix 混合' },
  needsData: '需要数据集在本机。',
  making: '正在生成输入',
  original: '原图 {name}',
  asInput: '作为输入：{targets}',
}
