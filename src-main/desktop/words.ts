// Words of the shell itself: menu, dialogs, and the page shown while the host is away. The page's words are the renderer's.
import type { MenuCommand } from '../shared/desktop-bridge.ts'
import type { VerdictOutcome } from '../shared/verdict.ts'

export type ShellLanguage = 'en' | 'zh'

const english = {
  starting: 'The engine is starting',
  startingAgain: (attempt: number) => `The engine stopped and is starting again, try ${attempt} of 5`,
  startingHint: 'The window opens as soon as it answers, usually within three seconds.',
  failed: 'The engine could not start',
  expected: 'Expected',
  found: 'Found',
  safe: 'The history of runs and all checkpoints are untouched.',
  startAgain: 'Start again',
  quit: 'Quit',
  menu: { file: 'File', edit: 'Edit', view: 'View', go: 'Go', help: 'Help', newWindow: 'New window' },
  commands: {
    'new-run': 'New run',
    palette: 'Command palette',
    shortcuts: 'Keyboard shortcuts',
    settings: 'Settings',
    home: 'Home',
    recipes: 'Recipes',
    datasets: 'Data sets',
    runs: 'Runs',
    undo: 'Undo',
    redo: 'Redo',
  } satisfies Record<MenuCommand, string>,
  ended: {
    finished: 'The run has finished.',
    verdict: (outcome: string, percent: string) => `${outcome}: ${percent} %`,
    failed: (reason: string) => `The run failed. ${reason}`,
    guard: 'The run is paused: the machine is too hot or the disk is nearly full.',
  },
  outcomes: {
    reproduced: 'Reproduced',
    better: 'Better than the paper',
    'not-reproduced': 'Not reproduced',
    inconclusive: 'Inconclusive',
    'no-verdict': 'No verdict',
  } satisfies Record<VerdictOutcome, string>,
  training: {
    message: (name: string) => `${name} is still training`,
    detail:
      'It can go on in the background: the next start of the app shows it again. This choice is kept under Settings, Compute.',
    goOn: 'Go on in the background',
    stop: 'Stop and keep',
    cancel: 'Cancel',
  },
}

export type ShellWords = typeof english

const chinese: ShellWords = {
  starting: '引擎正在启动',
  startingAgain: (attempt) => `引擎已停止，正在重新启动，第 ${attempt} 次，共 5 次`,
  startingHint: '引擎应答后窗口即打开，通常不超过三秒。',
  failed: '引擎无法启动',
  expected: '预期',
  found: '实际',
  safe: '运行历史和所有检查点均未改动。',
  startAgain: '重新启动',
  quit: '退出',
  menu: { file: '文件', edit: '编辑', view: '视图', go: '前往', help: '帮助', newWindow: '新建窗口' },
  commands: {
    'new-run': '新建运行',
    palette: '命令面板',
    shortcuts: '键盘快捷键',
    settings: '设置',
    home: '主页',
    recipes: '配方',
    datasets: '数据集',
    runs: '运行',
    undo: '撤销',
    redo: '重做',
  },
  ended: {
    finished: '运行已完成。',
    verdict: (outcome, percent) => `${outcome}：${percent} %`,
    failed: (reason) => `运行失败。${reason}`,
    guard: '运行已暂停：机器过热或磁盘空间将满。',
  },
  outcomes: {
    reproduced: '已复现',
    better: '优于论文',
    'not-reproduced': '未复现',
    inconclusive: '尚无定论',
    'no-verdict': '无结论',
  },
  training: {
    message: (name) => `${name} 仍在训练`,
    detail: '训练可以在后台继续：下次启动应用时会再次显示。此选择保存在“设置”的“计算”中。',
    goOn: '在后台继续',
    stop: '停止并保留',
    cancel: '取消',
  },
}

/** The shell's words in the language of the settings, or the system's where they say so. */
export function shellWords(language: 'system' | ShellLanguage, systemLocale: string): ShellWords {
  const chosen = language === 'system' ? (systemLocale.toLowerCase().startsWith('zh') ? 'zh' : 'en') : language
  return chosen === 'zh' ? chinese : english
}
