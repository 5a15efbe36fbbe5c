package authorisation

import (
	"os"
	"slices"
	"strings"
	"testing"

	"dengwen/petition"
)

// look is the row of the page that says who sees a case.
const look = petition.MoveName("look")

// page is docs/authorisation.md as it is read: class, what is done, how the unit stands to the
// case, the roles that may.
type page map[petition.Class]map[petition.MoveName]map[string][]petition.Role

func readPage(t *testing.T) page {
	t.Helper()
	text, err := os.ReadFile("../../../docs/authorisation.md")
	if err != nil {
		t.Fatal(err)
	}
	p, cells := page{}, 0
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		class := map[string]petition.Class{"Claims": petition.Claim, "Suggestions": petition.Suggestion, "Reports": petition.Report}[strings.Fields(section)[0]]
		if class == "" {
			continue
		}
		p[class] = map[petition.MoveName]map[string][]petition.Role{}
		var head []string
		for line := range strings.Lines(section) {
			row := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
			for i := range row {
				row[i] = strings.TrimSpace(row[i])
			}
			switch {
			case len(row) < 3 || row[0] == "---":
			case head == nil:
				head = row
			default:
				at := map[string][]petition.Role{}
				for i, cell := range row[1:] {
					for _, r := range strings.Fields(strings.Trim(cell, "–")) {
						at[head[i+1]], cells = append(at[head[i+1]], petition.Role(r)), cells+1
					}
				}
				p[class][petition.MoveName(row[0])] = at
			}
		}
	}
	if cells < 700 {
		t.Fatalf("%d roles are read in the cells of the page: is that all of it?", cells)
	}
	return p
}

// readRoles is the table of roles: of each, by the heading, in which kinds of units.
func readRoles(t *testing.T) map[petition.Role]map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/authorisation.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Roles\n")
	section, _, _ = strings.Cut(section, "\n## ")
	all := map[petition.Role]map[string]string{}
	var head []string
	for line := range strings.Lines(section) {
		row := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		switch {
		case len(row) < 3 || strings.HasPrefix(row[0], "---"):
		case head == nil:
			head = row
		default:
			may := map[string]string{}
			for i, cell := range row[1:] {
				may[strings.TrimSpace(head[i+1])] = cell
			}
			all[petition.Role(strings.TrimSpace(row[0]))] = may
		}
	}
	if len(all) != len(petition.Roles()) {
		t.Fatalf("%d roles are read from the page", len(all))
	}
	return all
}

// relations are the columns of the page in which a unit stands to a case.
func relations(o *petition.Office, c *petition.Case, unit string) []string {
	holder, _ := o.Find(c.Unit)
	office := unit == o.Unit
	var at []string
	for _, r := range []struct {
		holds bool
		name  string
	}{
		{office, "office"}, {office && unit == c.Unit, "office, has it"}, {office && unit == c.Facts["sender"], "office, sent it"},
		{!office && unit == c.Unit, "has it"}, {!office && unit == c.Facts["sender"], "sent it"}, {unit == c.Facts["handler"], "answered before"},
		{unit == c.Facts["reviewer"] || unit == c.Facts["rereviewer"], "reviewed before"},
		{c.Facts["dispute"] != "" && unit == holder.Above, "decides whose it is"}, {unit == c.Facts["duty_office"], "duty office"},
		{hasStep(c, unit), "has a step to do"},
	} {
		if r.holds {
			at = append(at, r.name)
		}
	}
	if len(at) == 0 || c.Filing.Class == petition.Report && unit == c.Facts["about"] {
		return []string{"none of these"}
	}
	return at
}

// hasStep reports whether a unit has a step of the plan of a hard case to do.
func hasStep(c *petition.Case, unit string) bool {
	return c.Filing.Class != petition.Report && c.Facts["lead"] != "" && c.Facts["struck"] == "" &&
		slices.ContainsFunc(c.Plan, func(p petition.PlanStep) bool { return p.Open() && p.Unit == unit })
}

// may says what the page says of an officer with one role. In the petition office the intake
// clerk is an officer too, and the supervisor a head.
func (p page) may(what petition.MoveName, class petition.Class, role petition.Role, office bool, at []string) bool {
	roles := []petition.Role{role}
	if as := map[petition.Role]petition.Role{petition.Intake: petition.Officer, petition.Supervisor: petition.Head}[role]; office && as != "" {
		roles = append(roles, as)
	}
	return slices.ContainsFunc(at, func(column string) bool {
		return slices.ContainsFunc(roles, func(r petition.Role) bool { return slices.Contains(p[class][what][column], r) })
	})
}

// cells are the cells of a row with those who may, one for each role.
func (p page) cells(class petition.Class, what petition.MoveName) (all []cell) {
	for column, roles := range p[class][what] {
		for _, r := range roles {
			switch column {
			case "number and code": // nobody's chat
				continue
			case "petitioner":
				r = ""
			}
			all = append(all, cell{class, what, r, column})
		}
	}
	return all
}
