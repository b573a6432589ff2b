package cli

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"metaplast/data/fetch"
)

// mirrorHost is where metaplast data fetch downloads from.
const mirrorHost = "raw.githubusercontent.com"

// mirror runs "mirror BYTES…": from now on metaplast reaches a server under that name which has
// the first archive of Omniglot by size, but whose bytes are all 0, and breaks the connection after
// so many BYTES, answer by answer; then it gives all that is asked for. Every request is a line of
// the file requests: the range that was asked for.
func mirror(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: mirror bytes...")
	}
	cuts := make([]int, len(args))
	for i, a := range args {
		n, err := strconv.Atoi(a)
		ts.Check(err)
		cuts[i] = n
	}
	cert, pool := certificate(ts)
	ts.Check(os.WriteFile(ts.MkAbs("mirror.pem"), pool, 0o644))
	log, err := os.Create(ts.MkAbs("requests"))
	ts.Check(err)
	answer := func(w *bufio.Writer, r *http.Request) {
		from := 0
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil {
			fmt.Fprintf(w, "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %d-%d/%d\r\n", from, fetch.BackgroundSize-1, fetch.BackgroundSize)
		} else {
			fmt.Fprint(w, "HTTP/1.1 200 OK\r\n")
		}
		fmt.Fprintf(log, "%s %d\n", r.URL.Path, from)
		n := fetch.BackgroundSize - from
		fmt.Fprintf(w, "ETag: \"v1\"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", n)
		if len(cuts) > 0 {
			n, cuts = cuts[0], cuts[1:]
		}
		_, _ = w.Write(make([]byte, n)) // a client that goes away is one of the cases
		_ = w.Flush()
	}
	// The program asks its proxy for a tunnel, at whose end is this process.
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != mirrorHost+":443" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\n\r\n")
		tunnel := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}})
		defer tunnel.Close()
		if req, err := http.ReadRequest(bufio.NewReader(tunnel)); err == nil {
			answer(bufio.NewWriter(tunnel), req)
		}
	}))
	ts.Defer(func() {
		proxy.Close()
		log.Close()
	})
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		ts.Setenv(name, proxy.URL)
	}
	ts.Setenv("NO_PROXY", "")
	ts.Setenv("no_proxy", "")
	ts.Setenv("SSL_CERT_FILE", ts.MkAbs("mirror.pem"))
}

// certificate makes one for the mirror, and the file that makes a program trust it.
func certificate(ts *testscript.TestScript) (tls.Certificate, []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{mirrorHost}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	ts.Check(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
