// How hot the devices are, as their drivers say. Where nobody says, there is no guard.
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const query = ['--query-gpu=temperature.gpu', '--format=csv,noheader,nounits']

/** Degrees Celsius of the hottest NVIDIA GPU; null without driver or GPU. */
export async function gpuCelsius(): Promise<number | null> {
  try {
    const { stdout } = await run('nvidia-smi', query, { timeout: 5000, windowsHide: true })
    return hottest(stdout.split('\n'))
  } catch {
    return null
  }
}

/** Types of thermal zones that are the processor (Linux, Documentation/driver-api/thermal/sysfs-api.rst and drivers/thermal). */
const cpuZones = /^(x86_pkg_temp|cpu[-_]?thermal|cpu\d*[-_].*|soc[-_]thermal|TCPU|k10temp|coretemp)/i
/** Drivers of processor sensors under hwmon: Intel, AMD, and those of ARM boards. */
const cpuSensors = ['coretemp', 'k10temp', 'zenpower', 'cpu_thermal', 'scpi_sensors']

/** Degrees Celsius of the hottest sensor of the processor, on Linux; null elsewhere and where the kernel shows none. */
export async function cpuCelsius(sys = '/sys'): Promise<number | null> {
  const readings = [
    ...(await zoneReadings(join(sys, 'class/thermal'))),
    ...(await sensorReadings(join(sys, 'class/hwmon'))),
  ]
  const celsius = hottest(readings)
  return celsius === null ? null : celsius / 1000
}

async function zoneReadings(folder: string): Promise<string[]> {
  const readings: string[] = []
  for (const zone of await names(folder, /^thermal_zone\d+$/)) {
    if (cpuZones.test(await text(join(folder, zone, 'type')))) readings.push(await text(join(folder, zone, 'temp')))
  }
  return readings
}

async function sensorReadings(folder: string): Promise<string[]> {
  const readings: string[] = []
  for (const sensor of await names(folder, /^hwmon\d+$/)) {
    if (!cpuSensors.includes(await text(join(folder, sensor, 'name')))) continue
    for (const input of await names(join(folder, sensor), /^temp\d+_input$/)) {
      readings.push(await text(join(folder, sensor, input)))
    }
  }
  return readings
}

async function names(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => pattern.test(name))
}

async function text(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim()
}

/** The highest of readings that are numbers above 0: a sensor that is asleep shows 0 or nothing. */
function hottest(readings: string[]): number | null {
  const values = readings.map((reading) => (reading.trim() === '' ? Number.NaN : Number(reading))).filter((v) => v > 0)
  return values.length > 0 ? Math.max(...values) : null
}
