// What this window has done and can take back, and what it took back and can do again. Newest last.
import { create } from 'zustand'

export interface Undoable {
  /** What was done, in the present language: "move to bin of LeNet-5". */
  words: () => string
  /** Rejects when it is no longer possible. */
  undo: () => Promise<void>
  redo: () => Promise<void>
}

export interface UndoState {
  done: readonly Undoable[]
  undone: readonly Undoable[]
}

/** More than anybody goes back; what lies deeper is forgotten. */
const deepest = 100

export const useUndoStore = create<UndoState>()(() => ({ done: [], undone: [] }))

const { setState, getState } = useUndoStore

// One after the other: each builds on what the one before has left.
let turn: Promise<unknown> = Promise.resolve()

/**
 * Puts an action on the stack; what had been undone can no longer be done again. An undo waits for an action that is still
 * under way, and one that fails leaves the stack.
 */
export function remember(action: Undoable, underWay: Promise<unknown> = Promise.resolve()): void {
  setState(({ done }) => ({ done: [...done, action].slice(-deepest), undone: [] }))
  const forget = () => setState(({ done }) => ({ done: done.filter((one) => one !== action) }))
  turn = Promise.all([turn, underWay.catch(forget)])
}

function carryOut(from: keyof UndoState, to: keyof UndoState, how: 'undo' | 'redo', chosen?: Undoable) {
  const carry = async (): Promise<Undoable | null> => {
    const action = chosen ?? getState()[from].at(-1)
    if (!action || !getState()[from].includes(action)) return null
    // One that fails is gone: whatever it needs is no longer there.
    setState((state) => ({ ...state, [from]: state[from].filter((one) => one !== action) }))
    await action[how]()
    setState((state) => ({ ...state, [to]: [...state[to], action] }))
    return action
  }
  const result = turn.then(carry)
  turn = result.catch(() => null)
  return result
}

/** Takes back the newest action, or the given one. Null when there is none. Rejects when it is no longer possible. */
export function undo(action?: Undoable): Promise<Undoable | null> {
  return carryOut('done', 'undone', 'undo', action)
}

/** Does again what was undone last. Null when there is none. Rejects when it is no longer possible. */
export function redo(): Promise<Undoable | null> {
  return carryOut('undone', 'done', 'redo')
}
