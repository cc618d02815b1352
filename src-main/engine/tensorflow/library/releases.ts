// Where libtensorflow comes from on each platform, with the hashes of what has been checked.
import { RepriseError } from '../../../shared/errors.ts'

interface ReleaseBase {
  /** TensorFlow's version. */
  version: string
  variant: 'cpu' | 'cuda'
  /** File names of the libraries, in the order in which they must be loaded. */
  libraries: string[]
  /** About how much is fetched and how much stays, for progress and for the check of the disk. */
  downloadBytes: number
  installedBytes: number
  /** sha256 of library files that are the same in every archive of this release. */
  sha256: Record<string, string>
}

/** A Python wheel, fetched by the user's own pip; only its libraries and licences are kept. */
export interface WheelRelease extends ReleaseBase {
  kind: 'wheel'
  distribution: string
  platformTag: string
  /** Wheels by the Python version in their name, tried in this order; the libraries in them are the same. */
  wheels: { python: string; sha256: string }[]
  /** Name of the extra whose requirements hold the CUDA libraries. */
  extra: string | null
}

/** TensorFlow's own C library archive. */
export interface ArchiveRelease extends ReleaseBase {
  kind: 'archive'
  url: string
  /** Folder in the archive that holds the libraries. */
  libraryFolder: string
}

export type LibraryRelease = WheelRelease | ArchiveRelease

const linuxLibraries = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2']
const archiveRoot = 'https://storage.googleapis.com/tensorflow/versions'

const linuxCpu: WheelRelease = {
  kind: 'wheel',
  version: '2.21.0',
  variant: 'cpu',
  libraries: linuxLibraries,
  downloadBytes: 274_000_871,
  installedBytes: 853_500_000,
  distribution: 'tensorflow-cpu',
  platformTag: 'manylinux_2_27_x86_64',
  wheels: [
    { python: '3.12', sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb' },
    { python: '3.11', sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c' },
    { python: '3.13', sha256: '05af7c26d35f4de910b5598c7b507e3981831a7b0f47fed9a405d995d51d7793' },
    { python: '3.10', sha256: 'd143e92f5c0661cdfa26eaca8f73cd2efd0ec53a68af8dec82f584ba8eb14b83' },
  ],
  sha256: {
    'libtensorflow_cc.so.2': '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
    'libtensorflow_framework.so.2': 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
  },
  extra: null,
}

const linuxCuda: WheelRelease = {
  ...linuxCpu,
  variant: 'cuda',
  downloadBytes: 3_600_000_000,
  installedBytes: 7_500_000_000,
  distribution: 'tensorflow',
  wheels: [
    { python: '3.12', sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0' },
    { python: '3.11', sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124' },
  ],
  sha256: {},
  extra: 'and-cuda',
}

const linuxArm: WheelRelease = {
  ...linuxCpu,
  distribution: 'tensorflow',
  platformTag: 'manylinux_2_27_aarch64',
  wheels: [{ python: '3.12', sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552' }],
  sha256: {},
}

function archive(version: string, file: string, libraries: string[], libraryFolder: string): ArchiveRelease {
  return {
    kind: 'archive',
    version,
    variant: 'cpu',
    libraries,
    downloadBytes: 120_000_000,
    installedBytes: 700_000_000,
    sha256: {},
    url: `${archiveRoot}/${version}/${file}`,
    libraryFolder,
  }
}

const macLibraries = ['libtensorflow_framework.2.dylib', 'libtensorflow.2.dylib']

/**
 * The release for a machine.
 * @throws RepriseError `libtensorflow-missing` where TensorFlow offers none.
 */
export function releaseFor(platform: NodeJS.Platform, arch: string, nvidiaGpu: boolean): LibraryRelease {
  switch (`${platform}-${arch}`) {
    case 'linux-x64':
      return nvidiaGpu ? linuxCuda : linuxCpu
    case 'linux-arm64':
      return linuxArm
    case 'darwin-arm64':
      return archive('2.18.0', 'libtensorflow-cpu-darwin-arm64.tar.gz', macLibraries, 'lib')
    case 'darwin-x64':
      return archive('2.16.2', 'libtensorflow-cpu-darwin-x86_64.tar.gz', macLibraries, 'lib')
    case 'win32-x64':
      return archive('2.18.0', 'libtensorflow-cpu-windows-x86_64.zip', ['tensorflow.dll'], 'lib')
    default:
      throw new RepriseError({
        code: 'libtensorflow-missing',
        message: `There is no libtensorflow for ${platform} on ${arch}.`,
        expected: 'Linux on x64 or arm64, macOS, or Windows on x64',
        found: `${platform}-${arch}`,
        fix: 'Build libtensorflow yourself and name its folder in REPRISE_LIBTENSORFLOW.',
      })
  }
}

/** The file names that a folder of libtensorflow must hold on a platform, in the order of loading. */
export function libraryNames(platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return ['tensorflow.dll']
  return platform === 'darwin' ? macLibraries : linuxLibraries
}
