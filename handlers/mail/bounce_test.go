package mail

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The reports of mail servers of several makes, written after theirs: which mail it was, whether it is lost,
// and whether the address takes none any more.
func TestParseBounce(t *testing.T) {
	t.Parallel()
	id := messageID("mail:w-1", "instead:notice:0000000421/2", "xf.example.cn", marked)
	want := map[string]Bounce{
		"postfix-unknown":   {Failed: true, Refused: true},
		"postfix-delayed":   {},
		"postfix-expired":   {Failed: true},
		"postfix-policy":    {Failed: true},
		"exim-unknown":      {Failed: true, Refused: true},
		"exim-warning":      {},
		"exchange-unknown":  {Failed: true, Refused: true},
		"exchange-full":     {Failed: true},
		"qq-unknown":        {Failed: true, Refused: true},
		"qq-frequency":      {Failed: true},
		"163-unknown":       {Failed: true, Refused: true},
		"163-spam":          {Failed: true},
		"qmail-unknown":     {Failed: true, Refused: true},
		"sendmail-domain":   {Failed: true, Refused: true},
		"coremail-delivery": {},
	}
	files, err := filepath.Glob("testdata/bounces/*.eml")
	if err != nil || len(files) != len(want) {
		t.Fatalf("%d reports, %v", len(files), err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".eml")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(string(raw), "{id}", id)
			for _, text := range []string{text, strings.ReplaceAll(text, "\n", "\r\n")} {
				got, err := ParseBounce(strings.NewReader(text), marked)
				w := want[name]
				w.Conv, w.Key = "mail:w-1", "notice:0000000421/2"
				if err != nil || got != w {
					t.Errorf("%+v, %v; want %+v", got, err, w)
				}
			}
			other := func(value string) string { return marked("another key" + value) }
			if got, err := ParseBounce(strings.NewReader(text), other); !errors.Is(err, ErrNotOurs) {
				t.Errorf("of another's mail: %+v, %v", got, err)
			}
		})
	}
}

// What is no report changes nothing: absence notes, answers, what somebody made up, and what is made to
// take long.
func TestNoBounce(t *testing.T) {
	t.Parallel()
	id := messageID("mail:w-1", "notice:421/0", "xf.example.cn", marked)
	deep, body := "", "Message-ID: <"+id+">\n550 5.1.1 User unknown\n"
	for i := range 50 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	for name, text := range map[string]string{
		"nothing":     "",
		"no mail":     strings.Repeat("x", 3<<20),
		"absence":     "From: lan@mail.example.cn\nAuto-Submitted: auto-replied\nIn-Reply-To: <" + id + ">\n\n我在休假，550 号房间 5.1.1 后回复。\n",
		"made up":     "From: MAILER-DAEMON@evil.example\n\nMessage-ID: <" + strings.Repeat("0", 32) + ".421-0.w-1@xf.example.cn>\n550 5.1.1 User unknown\n",
		"too deep":    "From: MAILER-DAEMON@x\n" + deep + body,
		"many parts":  "From: MAILER-DAEMON@x\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 100_000) + "--b\n\n" + body,
		"beyond size": "From: MAILER-DAEMON@x\n\n" + strings.Repeat("x\n", maxText) + body,
	} {
		if got, err := ParseBounce(strings.NewReader(text), marked); !errors.Is(err, ErrNotOurs) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// A report whose parts are encoded is read all the same.
func TestEncodedBounce(t *testing.T) {
	t.Parallel()
	id := messageID("mail:staff.o-1", "digest:2026-12-01", "xf.example.cn", marked)
	text := "From: Postmaster@exchange.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" +
		"Final-Recipient: rfc822;x@example.cn\nAction: failed\nStatus: 5.1.10\n\n--b\nContent-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n" +
		base64.StdEncoding.EncodeToString([]byte("Subject: x\nMessage-ID: <"+id+">\n")) + "\n--b--\n"
	got, err := ParseBounce(strings.NewReader(text), marked)
	if err != nil || got != (Bounce{Conv: "mail:staff.o-1", Failed: true, Refused: true}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzParseBounce(f *testing.F) {
	files, err := filepath.Glob("testdata/bounces/*.eml")
	if err != nil {
		f.Fatal(err)
	}
	id := messageID("mail:w-1", "notice:421/0", "xf.example.cn", marked)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(strings.ReplaceAll(string(raw), "{id}", id))
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBounce(strings.NewReader(text), marked)
		if err != nil && b != (Bounce{}) || b.Refused && !b.Failed {
			t.Errorf("%+v, %v", b, err)
		}
		if err == nil && (b.Conv != "mail:w-1" || b.Key != "notice:421/0") {
			t.Errorf("a mail that was never sent: %+v", b)
		}
	})
}
