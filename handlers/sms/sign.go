package sms

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// signAliyun signs a request by Aliyun's signature V3 (ACS3-HMAC-SHA256): over method, path, query,
// host and all x-acs- headers, and the body. action and version are of the API, nonce is new for each.
func signAliyun(req *http.Request, body []byte, id, secret, action, version, nonce string, now time.Time) {
	hash := sha256hex(body)
	for name, value := range map[string]string{
		"x-acs-action": action, "x-acs-version": version, "x-acs-signature-nonce": nonce,
		"x-acs-date": now.UTC().Format("2006-01-02T15:04:05Z"), "x-acs-content-sha256": hash,
	} {
		req.Header.Set(name, value)
	}
	names := []string{"host"}
	for name := range req.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-acs-") {
			names = append(names, lower)
		}
	}
	request, signed := canonical(req, names, hash)
	sum := hmacSHA256([]byte(secret), "ACS3-HMAC-SHA256\n"+sha256hex([]byte(request)))
	req.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential="+id+",SignedHeaders="+signed+",Signature="+hex.EncodeToString(sum))
}

// signTencent signs a request by Tencent Cloud's signature v3 (TC3-HMAC-SHA256): over method, path,
// Content-Type, host and the body, with a key of the UTC day. service is the first label of the host.
func signTencent(req *http.Request, body []byte, id, secret, service string, now time.Time) {
	request, signed := canonical(req, []string{"content-type", "host"}, sha256hex(body))
	at, day := strconv.FormatInt(now.Unix(), 10), now.UTC().Format("2006-01-02")
	scope := day + "/" + service + "/tc3_request"
	key := []byte("TC3" + secret)
	for _, part := range []string{day, service, "tc3_request"} {
		key = hmacSHA256(key, part)
	}
	sum := hmacSHA256(key, strings.Join([]string{"TC3-HMAC-SHA256", at, scope, sha256hex([]byte(request))}, "\n"))
	req.Header.Set("X-TC-Timestamp", at)
	req.Header.Set("Authorization", "TC3-HMAC-SHA256 Credential="+id+"/"+scope+", SignedHeaders="+signed+", Signature="+hex.EncodeToString(sum))
}

// canonical is a request as both platforms sign it.
func canonical(req *http.Request, names []string, hash string) (request, signed string) {
	slices.Sort(names)
	var out bytes.Buffer
	out.WriteString(req.Method + "\n" + cmp.Or(req.URL.EscapedPath(), "/") + "\n" + strings.ReplaceAll(req.URL.Query().Encode(), "+", "%20") + "\n")
	for _, name := range names {
		value := req.Header.Get(name)
		if name == "host" {
			value = cmp.Or(req.Host, req.URL.Host)
		}
		out.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	signed = strings.Join(names, ";")
	out.WriteString("\n" + signed + "\n" + hash)
	return out.String(), signed
}

func hmacSHA256(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func sha256hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func newNonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// service is the product that an address of Tencent's API belongs to.
func service(u *url.URL) string {
	name, _, _ := strings.Cut(u.Hostname(), ".")
	return name
}
