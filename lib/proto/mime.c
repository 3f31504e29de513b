/* SPDX-License-Identifier: MIT */
#include "proto/mime.h"

#define UTF8(type) type "; charset=utf-8"

/* clang-format off */
const struct mime_row mime_rows[] = {
	{ "3g2", "video/3gpp2" },
	{ "3gp", "video/3gpp" },
	{ "7z", "application/x-7z-compressed" },
	{ "aac", "audio/aac" },
	{ "aif", "audio/aiff" },
	{ "aiff", "audio/aiff" },
	{ "apk", "application/vnd.android.package-archive" },
	{ "apng", "image/apng" },
	{ "appcache", UTF8("text/cache-manifest") },
	{ "asc", "application/pgp-signature" },
	{ "atom", "application/atom+xml" },
	{ "avi", "video/x-msvideo" },
	{ "avif", "image/avif" },
	{ "awk", UTF8("text/plain") },
	{ "bash", UTF8("text/plain") },
	{ "bmp", "image/bmp" },
	{ "br", "application/octet-stream" },
	{ "bz2", "application/x-bzip2" },
	{ "c", UTF8("text/plain") },
	{ "cc", UTF8("text/plain") },
	{ "cer", "application/pkix-cert" },
	{ "cfg", UTF8("text/plain") },
	{ "cjs", UTF8("text/javascript") },
	{ "conf", UTF8("text/plain") },
	{ "cpp", UTF8("text/plain") },
	{ "crt", "application/x-x509-ca-cert" },
	{ "css", UTF8("text/css") },
	{ "csv", UTF8("text/csv") },
	{ "cur", "image/vnd.microsoft.icon" },
	{ "cxx", UTF8("text/plain") },
	{ "deb", "application/vnd.debian.binary-package" },
	{ "der", "application/x-x509-ca-cert" },
	{ "diff", UTF8("text/x-diff") },
	{ "djvu", "image/vnd.djvu" },
	{ "doc", "application/msword" },
	{ "docx", "application/vnd.openxmlformats-officedocument"
	    ".wordprocessingml.document" },
	{ "dtd", "application/xml-dtd" },
	{ "dwg", "image/vnd.dwg" },
	{ "dxf", "image/vnd.dxf" },
	{ "eml", "message/rfc822" },
	{ "eot", "application/vnd.ms-fontobject" },
	{ "eps", "application/postscript" },
	{ "epub", "application/epub+zip" },
	{ "flac", "audio/flac" },
	{ "flv", "video/x-flv" },
	{ "geojson", "application/geo+json" },
	{ "gif", "image/gif" },
	{ "glb", "model/gltf-binary" },
	{ "gltf", "model/gltf+json" },
	{ "go", UTF8("text/plain") },
	{ "gpx", "application/gpx+xml" },
	{ "gz", "application/gzip" },
	{ "h", UTF8("text/plain") },
	{ "har", "application/json" },
	{ "heic", "image/heic" },
	{ "heif", "image/heif" },
	{ "hpp", UTF8("text/plain") },
	{ "htm", UTF8("text/html") },
	{ "html", UTF8("text/html") },
	{ "ico", "image/vnd.microsoft.icon" },
	{ "ics", UTF8("text/calendar") },
	{ "ini", UTF8("text/plain") },
	{ "ipynb", "application/x-ipynb+json" },
	{ "iso", "application/x-iso9660-image" },
	{ "jar", "application/java-archive" },
	{ "java", UTF8("text/plain") },
	{ "jfif", "image/jpeg" },
	{ "jp2", "image/jp2" },
	{ "jpeg", "image/jpeg" },
	{ "jpg", "image/jpeg" },
	{ "js", UTF8("text/javascript") },
	{ "json", "application/json" },
	{ "json5", "application/json5" },
	{ "jsonl", "application/x-ndjson" },
	{ "jsonld", "application/ld+json" },
	{ "jsx", UTF8("text/plain") },
	{ "jxl", "image/jxl" },
	{ "kml", "application/vnd.google-earth.kml+xml" },
	{ "kmz", "application/vnd.google-earth.kmz" },
	{ "kt", UTF8("text/plain") },
	{ "less", UTF8("text/plain") },
	{ "log", UTF8("text/plain") },
	{ "lua", UTF8("text/plain") },
	{ "m2ts", "video/mp2t" },
	{ "m3u", "audio/x-mpegurl" },
	{ "m3u8", "application/vnd.apple.mpegurl" },
	{ "m4a", "audio/mp4" },
	{ "m4v", "video/mp4" },
	{ "map", "application/json" },
	{ "markdown", UTF8("text/markdown") },
	{ "md", UTF8("text/markdown") },
	{ "mid", "audio/midi" },
	{ "midi", "audio/midi" },
	{ "mjs", UTF8("text/javascript") },
	{ "mk", UTF8("text/plain") },
	{ "mka", "audio/matroska" },
	{ "mkv", "video/matroska" },
	{ "mobi", "application/x-mobipocket-ebook" },
	{ "mov", "video/quicktime" },
	{ "mp3", "audio/mpeg" },
	{ "mp4", "video/mp4" },
	{ "mpd", "application/dash+xml" },
	{ "mpeg", "video/mpeg" },
	{ "mpg", "video/mpeg" },
	{ "ndjson", "application/x-ndjson" },
	{ "obj", "model/obj" },
	{ "odg", "application/vnd.oasis.opendocument.graphics" },
	{ "odp", "application/vnd.oasis.opendocument.presentation" },
	{ "ods", "application/vnd.oasis.opendocument.spreadsheet" },
	{ "odt", "application/vnd.oasis.opendocument.text" },
	{ "oga", "audio/ogg" },
	{ "ogg", "audio/ogg" },
	{ "ogv", "video/ogg" },
	{ "opus", "audio/ogg" },
	{ "otf", "font/otf" },
	{ "p12", "application/x-pkcs12" },
	{ "parquet", "application/vnd.apache.parquet" },
	{ "patch", UTF8("text/x-diff") },
	{ "pcap", "application/vnd.tcpdump.pcap" },
	{ "pdf", "application/pdf" },
	{ "pem", "application/x-pem-file" },
	{ "png", "image/png" },
	{ "ppt", "application/vnd.ms-powerpoint" },
	{ "pptx", "application/vnd.openxmlformats-officedocument"
	    ".presentationml.presentation" },
	{ "ps", "application/postscript" },
	{ "psd", "image/vnd.adobe.photoshop" },
	{ "py", UTF8("text/plain") },
	{ "rar", "application/vnd.rar" },
	{ "rb", UTF8("text/plain") },
	{ "rdf", "application/rdf+xml" },
	{ "rpm", "application/x-rpm" },
	{ "rs", UTF8("text/plain") },
	{ "rss", "application/rss+xml" },
	{ "rst", UTF8("text/x-rst") },
	{ "rtf", "application/rtf" },
	{ "scss", UTF8("text/plain") },
	{ "sh", UTF8("text/plain") },
	{ "sig", "application/pgp-signature" },
	{ "sql", UTF8("text/plain") },
	{ "sqlite", "application/vnd.sqlite3" },
	{ "srt", UTF8("text/plain") },
	{ "stl", "model/stl" },
	{ "svg", "image/svg+xml" },
	{ "svgz", "image/svg+xml" },
	{ "swf", "application/vnd.adobe.flash.movie" },
	{ "swift", UTF8("text/plain") },
	{ "tar", "application/x-tar" },
	{ "tex", UTF8("text/x-tex") },
	{ "text", UTF8("text/plain") },
	{ "tgz", "application/gzip" },
	{ "tif", "image/tiff" },
	{ "tiff", "image/tiff" },
	{ "toml", "application/toml" },
	{ "torrent", "application/x-bittorrent" },
	{ "ts", "video/mp2t" },
	{ "tsv", UTF8("text/tab-separated-values") },
	{ "tsx", UTF8("text/plain") },
	{ "ttc", "font/collection" },
	{ "ttf", "font/ttf" },
	{ "txt", UTF8("text/plain") },
	{ "vcf", UTF8("text/vcard") },
	{ "vtt", UTF8("text/vtt") },
	{ "vue", UTF8("text/plain") },
	{ "war", "application/java-archive" },
	{ "wasm", "application/wasm" },
	{ "wav", "audio/wav" },
	{ "weba", "audio/webm" },
	{ "webm", "video/webm" },
	{ "webmanifest", "application/manifest+json" },
	{ "webp", "image/webp" },
	{ "wma", "audio/x-ms-wma" },
	{ "wmv", "video/x-ms-wmv" },
	{ "woff", "font/woff" },
	{ "woff2", "font/woff2" },
	{ "xhtml", "application/xhtml+xml" },
	{ "xls", "application/vnd.ms-excel" },
	{ "xlsx", "application/vnd.openxmlformats-officedocument"
	    ".spreadsheetml.sheet" },
	{ "xml", "application/xml" },
	{ "xsd", "application/xml" },
	{ "xsl", "application/xslt+xml" },
	{ "xslt", "application/xslt+xml" },
	{ "xspf", "application/xspf+xml" },
	{ "xz", "application/x-xz" },
	{ "yaml", "application/yaml" },
	{ "yml", "application/yaml" },
	{ "zip", "application/zip" },
	{ "zst", "application/zstd" },
};
/* clang-format on */
const size_t mime_nrows = NELEMS(mime_rows);

/* As strcmp() of a row's suffix with the n bytes of s, in lower case. */
static int
compare(const char *suffix, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int c = (unsigned char)s[i];

		if (c == '\0')
			return 1;
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (suffix[i] != c)
			return suffix[i] - c;
	}
	return suffix[n] == '\0' ? 0 : 1;
}

static const char *
find(const char *s, size_t n)
{
	size_t lo = 0, hi = mime_nrows;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int cmp = compare(mime_rows[mid].suffix, s, n);

		if (cmp == 0)
			return mime_rows[mid].type;
		if (cmp < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

const char *
mime_type(const char *name, size_t n)
{
	const char *type = NULL;
	size_t at = n;

	while (at > 0 && name[at - 1] != '.' && name[at - 1] != '/')
		at--;
	if (at > 0 && name[at - 1] == '.' && n > at &&
	    n - at < sizeof mime_rows->suffix)
		type = find(name + at, n - at);
	return type != NULL ? type : "application/octet-stream";
}
