package chaos

import (
	"strconv"

	"dengwen/petition"
)

// savedDrafts is how often something was written in a draft of the case, which leaves no
// entry: by how much the versions of its drafts are more than the entries about them.
func savedDrafts(c petition.Case) (n int) {
	newest := map[string]int{}
	for _, e := range c.Timeline {
		if id := e.Args["draft"]; id != "" && e.Move.Drafts() {
			newest[id], _ = strconv.Atoi(e.Args["draft_version"])
			n--
		}
	}
	for _, d := range c.Drafts {
		newest[strconv.Itoa(d.ID)] = d.Version
	}
	for _, version := range newest {
		n += version
	}
	return n
}

// signedOnce: a draft that was submitted is signed once or still there, and no opinion is
// without somebody who signed it: another than who wrote it, except where one person is
// the whole unit.
func (v verdict) signedOnce(c petition.Case) {
	submitted, signed := map[string]bool{}, 0
	for _, e := range c.Timeline {
		if e.Move == petition.MoveSubmit {
			submitted[e.Args["draft"]] = true
		}
		if e.Move != petition.MoveReply {
			continue
		}
		signed++
		alone := e.Unit == town.code
		if e.Args["approved_by"] == "" || e.Args["author"] == "" || (e.Args["author"] == e.Staff) != alone || (e.Args["self_approved"] != "") != alone {
			v.violated("no opinion without who signs it", "%s: entry %d was signed by %q and written by %q", c.Number, e.Seq, e.Args["approved_by"], e.Args["author"])
		}
	}
	there := 0
	for _, d := range c.Drafts {
		if submitted[strconv.Itoa(d.ID)] {
			there++
		}
	}
	if len(submitted) != signed+there {
		v.violated("what is submitted is signed once or still there", "%s: %d drafts were submitted, %d opinions were signed and %d drafts are there", c.Number, len(submitted), signed, there)
	}
}
