// Probes of runs that have not started, by the settings they measure, so that coming back to a form finds them.
import { create } from 'zustand'
import type { HostEvent, StartRunInput } from '../../src-main/shared/api.ts'
import type { ProbeState } from '../../src-main/shared/probe.ts'
import { engineClient } from '../client/current-client.ts'

interface Probe {
  id: string
  state: ProbeState
}

export const useProbesStore = create<{ probes: Record<string, Probe> }>()(() => ({ probes: {} }))

const { setState, getState } = useProbesStore

/** Name of what a probe measures: a recipe and its changes, in any order. */
export function probeSubject({ recipeId, changes }: Pick<StartRunInput, 'recipeId' | 'changes'>): string {
  return JSON.stringify([recipeId, Object.entries(changes).sort(([a], [b]) => (a < b ? -1 : 1))])
}

function put(subject: string, probe: Probe) {
  setState({ probes: { ...getState().probes, [subject]: probe } })
}

/** Takes a few real steps of a run. */
export async function startProbe(input: StartRunInput): Promise<void> {
  put(probeSubject(input), await engineClient().probe.start(input))
}

/** Ends a probe before its end. */
export async function cancelProbe(input: StartRunInput): Promise<void> {
  const subject = probeSubject(input)
  const probe = getState().probes[subject]
  if (probe) put(subject, { ...probe, state: await engineClient().probe.cancel(probe.id) })
}

/** Takes over what an event says about probes of this window. */
export function applyProbeEvent(event: HostEvent): void {
  if (event.type !== 'probe') return
  for (const [subject, { id }] of Object.entries(getState().probes)) {
    if (id === event.id) put(subject, { id, state: event.probe })
  }
}

/** Asks again for probes that were under way, as after a gap in the events; those of an engine that ended are forgotten. */
export async function refreshProbes(): Promise<void> {
  const running = Object.entries(getState().probes).filter(([, { state }]) => state.status === 'running')
  for (const [subject, { id }] of running) {
    try {
      put(subject, { id, state: await engineClient().probe.state(id) })
    } catch {
      const { [subject]: _gone, ...probes } = getState().probes
      setState({ probes })
    }
  }
}
