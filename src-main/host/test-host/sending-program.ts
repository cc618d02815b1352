// Sends in every way that watch-network.ts has to see. Nothing answers at TEST-NET-3 (RFC 5737) and under .invalid (RFC 6761).
import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { get } from 'node:http'
import { connect } from 'node:net'

const ignore = () => {}
connect(80, '203.0.113.1').on('error', ignore).destroy()
connect({ port: 9, host: '127.0.0.1' }).on('error', ignore).destroy()
get('http://host.invalid/').on('error', ignore).destroy()
fetch('http://other.invalid/').catch(ignore)
execFile('true', ignore)
const socket = createSocket('udp4')
socket.send('x', 9, '203.0.113.1', () => socket.close())
