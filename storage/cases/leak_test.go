package cases_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/storage/cases"
)

// tables reads the whole database: of each table its rows as text, by column.
func tables(t *testing.T, s *cases.Store, url string) map[string][]map[string]string {
	t.Helper()
	list := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if url != "" {
		list = `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
	}
	rows, err := s.Writer().QueryContext(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(name, "goose_") && !strings.HasPrefix(name, "sqlite_") { // when it was migrated
			names = append(names, name)
		}
	}
	_ = rows.Close()
	all := map[string][]map[string]string{}
	for _, name := range names {
		all[name] = tableRows(t, s, name)
	}
	if len(all) < 15 || len(all["cases"]) == 0 {
		t.Fatalf("%d tables, %d cases: that is not the database", len(all), len(all["cases"]))
	}
	return all
}

func tableRows(t *testing.T, s *cases.Store, table string) (all []map[string]string) {
	t.Helper()
	rows, err := s.Writer().QueryContext(t.Context(), `SELECT * FROM `+table+` ORDER BY 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, targets := make([]any, len(columns)), []any{}
		for i := range values {
			targets = append(targets, &values[i])
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		row := map[string]string{}
		for i, c := range columns {
			if b, ok := values[i].([]byte); ok {
				values[i] = string(b)
			}
			row[c] = fmt.Sprint(values[i])
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// alike has the dates that every case of these tests has: two of one day have them in common whatever
// their words are.
func alike(r petition.Record) petition.Record {
	r.Due, r.Open = "2026-11-24", true
	r.Case.Received = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	return r
}

// lodge files a case with these words and changes its words afterwards.
func lodge(t *testing.T, s *cases.Store, key, before, after string, sealed bool) {
	t.Helper()
	r, _, err := s.Create(t.Context(), key, 2026, func(serial int) (petition.Record, []petition.Notice, error) {
		r := alike(record(serial, before))
		r.Sealed = sealed
		return r, []petition.Notice{{To: "tg:4711-geheim", Number: r.Case.Number, View: petition.View{Facts: before}}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Case.Filing.Facts, r.Case.Filing.Title = after, after
	if _, err := s.Save(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	if sealed {
		return
	}
	if n := finds(t, s, after, 5); n != 1 { // whatever a search might leave behind is there
		t.Fatalf("%d cases with the words", n)
	}
}

// Two stores with one key and the same cases in other words hold the same, byte for byte,
// but for what is sealed.
func TestNothingStoredDependsOnWords(t *testing.T) {
	t.Parallel()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, address := range map[string]func(t *testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return servers.Postgres(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fill := func(words ...string) map[string][]map[string]string {
				url := address(t)
				s := open(t, url, t.TempDir(), box)
				for i, w := range words {
					lodge(t, s, fmt.Sprint("key ", i), w+"的事", w+"的又一件事", i%3 == 0)
				}
				return tables(t, s, url)
			}
			same := []string{"村长收钱", "路灯不亮", "桥面塌了", "学校食堂", "自来水浑"}
			one, again := fill(same...), fill(same...)
			two := fill("路", "村民上访被拦在县城车站", "x", "路灯不亮", "Noise at night, every night")
			for table, rows := range one {
				other := two[table]
				if len(rows) != len(other) {
					t.Errorf("%s has %d and %d rows", table, len(rows), len(other))
					continue
				}
				for i, row := range rows {
					for column, value := range row {
						switch {
						case column == "body":
						case chained[table+"."+column]: // keyed and salted: equal words show nothing in common
							if value != "" && value == again[table][i][column] {
								t.Errorf("%s.%s of row %d is the same for the same words", table, column, i)
							}
						case value != other[i][column]:
							t.Errorf("%s.%s of row %d depends on the words: %q and %q", table, column, i, value, other[i][column])
						}
					}
				}
			}
		})
	}
}

// chained are the columns of the hash chain.
var chained = map[string]bool{"cases.head": true, "cases.tip": true, "entries.hash": true, "chain.head": true, "chain.content": true, "chain.salt": true}

// windowSize is how many bytes two sealed bodies never share by chance.
const windowSize = 8

// A thief has the database, not the key, and has filed 14 petitions in words of their own
// choice, those of a report among them. Nothing in the rows of theirs is in the rows of
// the report but what all rows have.
func TestThiefLearnsNoWords(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		const secret = "镇长某某收了砖厂老板的钱"
		lodge(t, s, "report", secret, secret+"，还收了烟", true)
		for i := range 14 {
			planted := string([]rune(secret)[i%10 : i%10+3])
			r, _, err := s.Create(t.Context(), fmt.Sprint("planted ", i), 2026, func(serial int) (petition.Record, []petition.Notice, error) {
				r := alike(record(serial, planted+secret))
				r.Case.Filing.Owner = "tg:thief"
				return r, nil, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if n := finds(t, s, r.Case.Filing.Facts, 20); n == 0 {
				t.Fatal("the planted words are not found")
			}
		}
		lodge(t, s, "other", "别的", "别的别的", false)
		report, common := shreds(t, s, url, 1), shreds(t, s, url, 16)
		for ref := 2; ref <= 15; ref++ {
			for w := range shreds(t, s, url, ref) {
				if report[w] && !common[w] {
					t.Errorf("planted case %d shares %q with the report", ref, w)
				}
			}
		}
	})
}

// shreds are the values of a case's rows, and of those sealed every few bytes on end.
func shreds(t *testing.T, s *cases.Store, url string, serial int) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, rows := range tables(t, s, url) {
		for _, row := range rows {
			if row["ref"] != fmt.Sprint(202600000000+serial) {
				continue
			}
			for column, value := range row {
				if column != "body" {
					all[column+" "+value] = true
					continue
				}
				for i := 0; i+windowSize <= len(value); i++ {
					all[value[i:i+windowSize]] = true
				}
			}
		}
	}
	if len(all) == 0 {
		t.Fatalf("case %d has no rows", serial)
	}
	return all
}

// A store of the program that kept an index on disk opens, takes cases, is searched, and no longer
// holds what the index was, nor in pages that are free.
func TestIndexOnDiskIsWiped(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		s, err := cases.Open(t.Context(), url, dir, box)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Down(t.Context(), 6); err != nil {
			t.Fatal(err)
		}
		pairs := bytes.Repeat([]byte("PAIRHASH"), 2000)
		for i, query := range []string{`INSERT INTO slips (ref, pairs) VALUES ($1, $2)`, `INSERT INTO cards (drawer, pair, ref, body) VALUES ($1, $1, $1, $2)`} {
			if _, err := s.Writer().Exec(query, i, pairs); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		again := open(t, url, dir, box)
		for i := range 30 {
			create(t, again, fmt.Sprintf("第%d户的水渠断了", i))
		}
		if n := finds(t, again, "水渠 断了", 100); n != 30 {
			t.Errorf("%d of 30 found", n)
		}
		create(t, again, "第31户的水渠断了")
		if n := finds(t, again, "第31户", 5); n != 1 {
			t.Errorf("%d cases found that were filed since", n)
		}
		for _, table := range []string{"grams", "slips", "cards", "drawers", "catalogue", "unread"} {
			if _, err := again.Writer().ExecContext(context.Background(), `SELECT count(*) FROM `+table); err == nil {
				t.Errorf("there is still a table %s", table)
			}
		}
		if url == "" {
			if raw := dump(t, url, dir); bytes.Contains(raw, []byte("PAIRHASH")) {
				t.Error("the file still holds pairs")
			}
		}
	})
}
