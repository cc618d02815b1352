// Which layer of keras.applications a module of ours is, family by family (keras/src/applications of Keras 3).

/** The layer, for a module's name such as `layer1.0.conv1`. */
export type LayerNames = (module: string) => string

const letter = (index: string) => String.fromCharCode('a'.charCodeAt(0) + Number(index))

/** resnet.py: convN_blockM_0 is the shortcut, 1 to 3 are the bottleneck. */
export const resNetLayers: LayerNames = (module) => {
  const block = /^layer(\d)\.(\d+)\.(?:(conv|bn)(\d)|downsample\.(\d))$/.exec(module)
  if (block) {
    const [, stage, index, kind = '', number, shortcut] = block
    const place = number ? `${number}_${kind}` : `0_${shortcut === '0' ? 'conv' : 'bn'}`
    return `conv${Number(stage) + 1}_block${Number(index) + 1}_${place}`
  }
  return { conv1: 'conv1_conv', bn1: 'conv1_bn' }[module] ?? 'predictions'
}

/** densenet.py. */
export const denseNetLayers: LayerNames = (module) => {
  const dense = /^features\.denseblock(\d)\.denselayer(\d+)\.(conv|norm)(\d)$/.exec(module)
  if (dense) {
    const [, stage, index, kind, number] = dense
    const place = kind === 'conv' ? `${number}_conv` : `${Number(number) - 1}_bn`
    return `conv${Number(stage) + 1}_block${index}_${place}`
  }
  const transition = /^features\.transition(\d)\.(conv|norm)$/.exec(module)
  if (transition) return `pool${Number(transition[1]) + 1}_${transition[2] === 'conv' ? 'conv' : 'bn'}`
  const others: Record<string, string> = {
    'features.conv0': 'conv1_conv',
    'features.norm0': 'conv1_bn',
    'features.norm5': 'bn',
  }
  return others[module] ?? 'predictions'
}

/** mobilenet_v2.py: block 0 has no expansion and another prefix. */
export const mobileNetV2Layers: LayerNames = (module) => {
  const place = /^features\.(\d+)\.(?:conv\.)?(\d)(?:\.(\d))?$/.exec(module)
  if (!place) return 'predictions'
  const [, index, unit, part] = place
  if (index === '0') return unit === '0' ? 'Conv1' : 'bn_Conv1'
  if (index === '18') return unit === '0' ? 'Conv_1' : 'Conv_1_bn'
  const block = Number(index) - 1
  const roles = block === 0 ? ['depthwise'] : ['expand', 'depthwise']
  const prefix = block === 0 ? 'expanded_conv' : `block_${block}`
  // The projection has no activation, so its convolution and its normalisation are modules of the block itself.
  if (part === undefined) return `${prefix}_${Number(unit) === roles.length ? 'project' : 'project_BN'}`
  return `${prefix}_${roles[Number(unit)]}${part === '0' ? '' : '_BN'}`
}

/** What the units of a block of stage 1, 2, ... are. */
type BlockRoles = (stage: number) => readonly string[]

/** efficientnet.py. */
export const efficientNetRoles: BlockRoles = (stage) =>
  stage === 1 ? ['dwconv', 'se', 'project'] : ['expand', 'dwconv', 'se', 'project']

/** efficientnet_v2.py, EfficientNetV2S: three stages of fused blocks, the first without expansion. */
export const efficientNetV2SRoles: BlockRoles = (stage) => {
  if (stage === 1) return ['project']
  return stage < 4 ? ['expand', 'project'] : ['expand', 'dwconv2', 'se', 'project']
}

export const efficientNetLayers =
  (rolesOf: BlockRoles): LayerNames =>
  (module) => {
    const block = /^features\.(\d+)\.(\d+)\.block\.(\d)\.(0|1|fc1|fc2)$/.exec(module)
    if (block) {
      const [, stage, index = '', unit, part = ''] = block
      const prefix = `block${stage}${letter(index)}`
      const role = rolesOf(Number(stage))[Number(unit)] ?? ''
      if (role === 'se') return `${prefix}_se_${part === 'fc1' ? 'reduce' : 'expand'}`
      if (role.startsWith('dwconv')) return `${prefix}_${part === '0' ? role : 'bn'}`
      return `${prefix}_${role}_${part === '0' ? 'conv' : 'bn'}`
    }
    const ends = /^features\.(\d+)\.(0|1)$/.exec(module)
    if (!ends) return 'predictions'
    return `${ends[1] === '0' ? 'stem' : 'top'}_${ends[2] === '0' ? 'conv' : 'bn'}`
  }

/** convnext.py, where every layer begins with the name of the model; stem and downsampling are models of their own. */
export const convNextLayers =
  (model: string): LayerNames =>
  (module) => {
    const block = /^features\.(\d)\.(\d+)\.(?:block\.(\d)|layer_scale)$/.exec(module)
    if (block) {
      const [, place, index, unit] = block
      const prefix = `${model}_stage_${(Number(place) - 1) / 2}_block_${index}`
      const units: Record<string, string> = {
        0: 'depthwise_conv',
        2: 'layernorm',
        3: 'pointwise_conv_1',
        5: 'pointwise_conv_2',
      }
      return `${prefix}_${unit ? units[unit] : 'layer_scale'}`
    }
    const between = /^features\.(\d)\.(0|1)$/.exec(module)
    if (!between) return `${model}_head_${module === 'classifier.0' ? 'layernorm' : 'dense'}`
    const [, place, part] = between
    if (place === '0') return `${model}_stem/${model}_stem_${part === '0' ? 'conv' : 'layernorm'}`
    const number = Number(place) / 2 - 1
    const downsampling = `${model}_downsampling`
    return `${downsampling}_block_${number}/${downsampling}_${part === '0' ? 'layernorm' : 'conv'}_${number}`
  }
