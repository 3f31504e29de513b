#!/bin/sh
# tls_certs.sh DIRECTORY - an authority of our own and certificates by it, as
# PEM: ca, and (each NAME.pem with NAME.key) good, ip, wrong, expired, early,
# client, odd (an address of three bytes, a name with control characters),
# bare (a CN alone); other is by an authority nobody trusts, self is by itself,
# chained is behind another authority.
set -e
cd "$1"
exec 2>certs.log
cat >conf <<'END'
[ca]
default_ca = one
[one]
database = db
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
email_in_dn = no
rand_serial = yes
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[leaf]
subjectAltName = $ENV::SAN
[bare]
basicConstraints = CA:FALSE
END
: >db
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

# authority NAME CN
authority() {
	key "$1"
	SAN=DNS:none openssl req -new -x509 -key "$1.key" -out "$1.pem" \
		-days 3650 -subj "/CN=$2" -config conf -extensions authority \
		-nodes
}

# signed BY NAME CN SAN [SECTION [FROM UNTIL]]
signed() {
	key "$2"
	export SAN="$4"
	openssl req -new -key "$2.key" -subj "/CN=$3" -out req -config conf
	openssl ca -batch -config conf -cert "$1.pem" -keyfile "$1.key" \
		-in req -out "$2.pem" -notext -extensions "${5:-leaf}" \
		-startdate "${6:-20200101000000Z}" \
		-enddate "${7:-20491231000000Z}"
}

authority ca 'Test CA'
authority nobody 'Nobody CA'
signed ca good localhost DNS:localhost
signed ca ip address IP:127.0.0.1,IP:::1
signed ca wrong example.org DNS:example.org,DNS:www.example.org
signed ca expired localhost DNS:localhost leaf 20200101000000Z 20210101000000Z
signed ca early localhost DNS:localhost leaf 20480101000000Z
signed ca client 'A Client' DNS:client
# iPAddress 01 02 03, dNSName "localhost", dNSName "x" ESC "[2J"
signed ca odd "$(printf 'o\033]0;t')" \
	DER:3017870301020382096c6f63616c686f73748205781b5b324a
signed ca bare localhost DNS:none bare
signed nobody other localhost DNS:localhost
signed ca middle 'Middle CA' DNS:none authority
signed middle chained localhost DNS:localhost
cat middle.pem >>chained.pem
key self
SAN=DNS:localhost openssl req -new -x509 -key self.key -out self.pem -days 9 \
	-subj /CN=localhost -config conf -extensions leaf
openssl pkey -in good.key -aes128 -passout pass:secret -out locked.key
