// What of the window's environment reaches the host: nothing that Electron or a package's launcher set for itself, such as
// LD_LIBRARY_PATH or NODE_OPTIONS, may reach plain Node.
const names = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TEMP', 'TMP'],
  ...['SYSTEMROOT', 'WINDIR', 'COMSPEC', 'PATHEXT', 'APPDATA', 'LOCALAPPDATA', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH'],
  ...['PROGRAMFILES', 'PROGRAMDATA', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE'],
  // How npm and pip reach their registries.
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
  ...['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'CUDA_VISIBLE_DEVICES', 'OMP_NUM_THREADS'],
])
const prefixes = ['REPRISE_', 'LC_', 'XDG_', 'PIP_', 'NPM_CONFIG_', 'TF_']

/** The part of `env` that the host is started with. Names are compared without case, as Windows does. */
export function hostEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const allowed = (name: string) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))
  return Object.fromEntries(Object.entries(env).filter(([name]) => allowed(name.toUpperCase())))
}
