package login_test

import (
	"errors"
	"strconv"
	"testing"

	"dengwen/internal/login"

	"github.com/go-webauthn/webauthn/webauthn"
)

// Passkeys stay when name and password come or go, and a login of passkeys alone has no name that
// anybody could type.
func TestPasskeysBesideAPassword(t *testing.T) {
	t.Parallel()
	k := newKit()
	ctx := t.Context()
	key := login.Passkey{Label: "phone", Credential: webauthn.Credential{ID: []byte{1}}}
	if err := k.AddPasskey(ctx, "o-1", key); err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.Of(ctx, "o-1"); !errors.Is(err, login.ErrNone) {
		t.Errorf("it has a name: %v", err)
	}
	for _, name := range []string{"", "\x00o-1"} {
		if _, err := k.Check(ctx, name, "", ""); !errors.Is(err, login.ErrWrong) {
			t.Errorf("%q opens: %v", name, err)
		}
	}
	if err := k.Confirm(ctx, "o-1", "000000"); !errors.Is(err, login.ErrNone) {
		t.Errorf("a code of nothing: %v", err)
	}
	_, secret, err := k.Begin(ctx, "o-1", "huang", password+"1")
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Confirm(ctx, "o-1", k.code(t, secret)); err != nil {
		t.Fatal(err)
	}
	if err := k.Remove(ctx, "o-1"); err != nil {
		t.Fatal(err)
	}
	if all, err := k.Passkeys(ctx, "o-1"); err != nil || len(all) != 1 || all[0].Label != "phone" || all[0].Added.IsZero() {
		t.Errorf("%+v, %v", all, err)
	}
	used := key.Credential
	used.Authenticator.SignCount = 7
	if err := k.UsePasskey(ctx, "o-1", used); err != nil {
		t.Fatal(err)
	}
	if all, _ := k.Passkeys(ctx, "o-1"); all[0].Credential.Authenticator.SignCount != 7 || all[0].Used.IsZero() {
		t.Errorf("use is not noted: %+v", all)
	}
	used.Authenticator.CloneWarning = true
	for _, c := range []webauthn.Credential{used, {ID: []byte{2}}} {
		if err := k.UsePasskey(ctx, "o-1", c); !errors.Is(err, login.ErrWrong) {
			t.Errorf("%v is used: %v", c.ID, err)
		}
	}
	for i := 1; i < login.MaxPasskeys; i++ {
		if err := k.AddPasskey(ctx, "o-1", login.Passkey{Label: strconv.Itoa(i), Credential: webauthn.Credential{ID: []byte{9, byte(i)}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.AddPasskey(ctx, "o-1", key); !errors.Is(err, login.ErrMany) {
		t.Errorf("one more: %v", err)
	}
	if err := k.DropPasskey(ctx, "o-1", []byte{1}); err != nil {
		t.Fatal(err)
	}
	if all, _ := k.Passkeys(ctx, "o-1"); len(all) != login.MaxPasskeys-1 {
		t.Errorf("%d are left", len(all))
	}
}
