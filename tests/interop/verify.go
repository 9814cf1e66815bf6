// Verifies what guan gives to strangers, with the Go team's own libraries for signed notes and transparency logs: nothing of guan is
// in here. Exit 0: it holds. 1: it does not, and why.
//
//	verify checkpoint VKEY FILE
//	verify cosignature VKEY FILE
//	verify proof VKEY FILE [ENTRY]      the entry in the file, or this one
//	verify consistency VKEY OLD FILE
//	verify tiles VKEY DIR
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func fail(format string, arguments ...interface{}) {
	must(fmt.Errorf(format, arguments...))
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err)
	return data
}

// The text of a checkpoint that the key has signed.
func open(vkey string, data []byte) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	opened, err := note.Open(data, note.VerifierList(verifier))
	must(err)
	return parse(opened.Text, verifier.Name())
}

func parse(text, origin string) tlog.Tree {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		fail("not a checkpoint of %s: %q", origin, text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

// C2SP tlog-cosignature: the library knows no such key, so only its parsing of notes is used, and Go's Ed25519.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(message, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(signature))
	return ed25519.Verify(w.key, append([]byte(head), message...), signature[8:])
}

func openCosigned(vkey string, data []byte) {
	parts := strings.SplitN(vkey, "+", 3)
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	must(err)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	if len(key) != 33 || key[0] != 4 {
		fail("not the key of a witness")
	}
	_, err = note.Open(data, note.VerifierList(witness{parts[0], uint32(hash), key[1:]}))
	must(err)
}

func hashes(lines []string) []tlog.Hash {
	var all []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		must(err)
		all = append(all, hash)
	}
	return all
}

func proof(vkey, path, entry string) {
	parts := bytes.SplitN(read(path), []byte("\n\n"), 2)
	lines := strings.Split(string(parts[0]), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		fail("not a proof: %q", lines)
	}
	record, err := base64.StdEncoding.DecodeString(lines[1][6:])
	must(err)
	if entry != "" {
		record = read(entry)
	}
	index, err := strconv.ParseInt(lines[2][6:], 10, 64)
	must(err)
	tree := open(vkey, parts[1])
	must(tlog.CheckRecord(hashes(lines[3:]), tree.N, tree.Hash, index, tlog.RecordHash(record)))
}

func consistency(vkey, old, path string) {
	parts := bytes.SplitN(read(path), []byte("\n\n"), 2)
	lines := strings.Split(string(parts[0]), "\n")
	before, after := open(vkey, read(old)), open(vkey, parts[1])
	if lines[0] != fmt.Sprintf("old %d", before.N) {
		fail("the proof is for another checkpoint: %s", lines[0])
	}
	must(tlog.CheckTree(hashes(lines[1:]), after.N, after.Hash, before.N, before.Hash))
}

// Tiles of a folder; the library puts the height into paths, C2SP does not.
type folder string

func (f folder) Height() int { return 8 }
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), "tile", strings.TrimPrefix(tile.Path(), "tile/8/")))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// Every entry of the bundles against the tree that the checkpoint names.
func tiles(vkey, dir string) {
	tree := open(vkey, read(filepath.Join(dir, "checkpoint")))
	reader := tlog.TileHashReader(tree, folder(dir))
	var bundle []byte
	for i := int64(0); i < tree.N; i++ {
		if i%256 == 0 {
			width := tree.N - i
			if width > 256 {
				width = 256
			}
			path := tlog.Tile{H: 8, L: 0, N: i / 256, W: int(width)}.Path()
			bundle = read(filepath.Join(dir, "tile", "entries", strings.TrimPrefix(path, "tile/8/0/")))
		}
		length := int(binary.BigEndian.Uint16(bundle))
		record := bundle[2 : 2+length]
		bundle = bundle[2+length:]
		hash, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
		must(err)
		if hash[0] != tlog.RecordHash(record) {
			fail("entry %d is not in the tree", i)
		}
	}
	fmt.Println(tree.N, "entries")
}

func main() {
	arguments := append(os.Args[1:], "", "", "", "")
	switch arguments[0] {
	case "checkpoint":
		open(arguments[1], read(arguments[2]))
	case "cosignature":
		openCosigned(arguments[1], read(arguments[2]))
	case "proof":
		proof(arguments[1], arguments[2], arguments[3])
	case "consistency":
		consistency(arguments[1], arguments[2], arguments[3])
	case "tiles":
		tiles(arguments[1], arguments[2])
	default:
		fail("what?")
	}
}
