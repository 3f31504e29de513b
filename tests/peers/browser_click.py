#!/usr/bin/env python3
"""browser_click.py URL LINK... - opens URL in headless Chromium, by way of
chromedriver, clicks on each link in turn, and prints the address and the text
of the page that it is on then."""
import json
import subprocess
import sys
import tempfile
import urllib.request

FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
         '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync',
         '--disable-dev-shm-usage']


def main():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        driver = subprocess.Popen(['chromedriver', '--port=0'], text=True,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL)
        try:
            drive(driver, home)
        finally:
            driver.terminate()
            driver.wait()


def drive(driver, home):
    for line in driver.stdout:
        if 'successfully on port' in line:
            base = f'http://127.0.0.1:{int(line.split()[-1].strip("."))}'
            break

    def call(method, path, **body):
        r = urllib.request.Request(
            base + path, method=method,
            data=json.dumps(body).encode() if method == 'POST' else None)
        return json.load(urllib.request.urlopen(r, timeout=30))['value']

    s = call('POST', '/session', capabilities={'alwaysMatch': {
        'goog:chromeOptions': {'args': FLAGS + [f'--user-data-dir={home}']}}})
    s = '/session/' + s['sessionId']
    try:
        call('POST', s + '/url', url=sys.argv[1])
        for text in sys.argv[2:]:
            link = call('POST', s + '/element', using='link text', value=text)
            call('POST', f'{s}/element/{next(iter(link.values()))}/click')
        print(call('GET', s + '/url'))
        body = call('POST', s + '/element', using='tag name', value='body')
        print(call('GET', f'{s}/element/{next(iter(body.values()))}/text'))
    finally:
        call('DELETE', s)


main()
