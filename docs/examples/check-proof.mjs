// Checks that a case is in the record: node check-proof.mjs KEY [MARK] < proof.json
// KEY is "key" of /v1/checkpoints, proof.json what /v1/cases/NUMBER/proof answered, MARK what stands on
// the receipt, for a proof asked with ?first=true. It shares no
// code with the program and needs nothing but Node 18.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts.map(p => Buffer.from(p)))).digest()
const fail = why => { console.error('NOT PROVED: ' + why); process.exit(1) }
const proof = JSON.parse(readFileSync(0)), [name, id, key] = process.argv[2].split(/\+(.*?)\+(.*)/)

// 1. The checkpoint is signed with the key (golang.org/x/mod/sumdb/note).
const [text, signatures] = proof.checkpoint.split('\n\n')
const raw = Buffer.from(key, 'base64').subarray(1) // after a byte that says Ed25519
const publicKey = createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]), format: 'der', type: 'spki' })
const line = signatures.split('\n').find(s => s.startsWith(`— ${name} `)) ?? fail('no signature')
const signature = Buffer.from(line.split(' ')[2], 'base64').subarray(4) // after the id of the key
if (!verify(null, Buffer.from(text + '\n'), publicKey, signature)) fail('the checkpoint is not signed with this key')
const [, size, root] = text.split('\n')

// 2. The leaf is this version of this case.
const head = sha(['dengwen case 1', proof.number, proof.version, proof.before, proof.content, ''].join('\n'))

// 3. The hashes lead from the leaf to the root (RFC 6962, 2.1.1).
let hash = sha([0], head), at = BigInt(proof.position), last = BigInt(size) - 1n
for (const h of proof.hashes.map(h => Buffer.from(h, 'hex'))) {
  while (!(at & 1n) && at === last) { at >>= 1n; last >>= 1n } // no sibling on this level
  hash = at & 1n ? sha([1], h, hash) : sha([1], hash, h)
  at >>= 1n; last >>= 1n
}
if (hash.toString('base64') !== root || proof.position >= Number(size)) fail('the hashes do not lead to the root')

// 4. The receipt was given for this entry and this key.
const bits = BigInt('0x' + sha('dengwen receipt 1\n', process.argv[2], '\n', head.toString('hex'), '\n').toString('hex')) >> 156n
const mark = [...Array(20).keys()].map(i => '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'[Number(bits >> BigInt(5 * (19 - i)) & 31n)]).join('')
if (process.argv[3] && process.argv[3].replace(/[^0-9A-Z]/gi, '').toUpperCase() !== mark) fail('the receipt is of another entry or key')
console.log(`proved: version ${proof.version} of ${proof.number} is change ${proof.position + 1} of ${size}`)
