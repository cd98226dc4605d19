#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Lays out what a .deb of Godwit has beside its programs: changelogs, licences, manual pages, completion, Python packages.

The builds of the packages call it; jdeb packs the directory.
"""
import argparse
import datetime
import email.utils
import gzip
import json
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

OWN_GROUP = 'io.github.godwit'

# Licences by their SPDX ids: what Debian has the text of, or a jar and its member with the text, which ends before a line.
TEXTS = {
    'Apache-2.0': 'Apache-2.0',
    'CC0-1.0': 'CC0-1.0',
    'GPL-2.0-with-classpath-exception': 'GPL-2',
    'LGPL-2.1': 'LGPL-2.1',
    'LGPL-3.0': 'LGPL-3',
    'MPL-1.1': 'MPL-1.1',
    'MPL-2.0': 'MPL-2.0',
    'BSD-2-Clause': ('HdrHistogram-*.jar', 'META-INF/LICENSE.txt', None),
    'BSD-3-Clause': ('jakarta.activation-api-*.jar', 'META-INF/LICENSE.md', None),
    'EPL-2.0': ('jakarta.annotation-api-*.jar', 'META-INF/LICENSE.md', '##    The GNU General Public License'),
    'MIT': ('slf4j-api-*.jar', 'META-INF/LICENSE.txt', None),
}

# The rest: of libraries that offer another licence too, or of parts that are no code in their jars.
WITHOUT_TEXT = {'EPL-1.0', 'Public-Domain', 'W3C', 'jQuery'}

# Other names that libraries give these licences.
NAMES = (
    (r'Apache.*2(\.0)?', 'Apache-2.0'),
    (r'BSD 2-Clause.*', 'BSD-2-Clause'),
    (r'EDL 1\.0|Eclipse Distribution License.*|Modified BSD', 'BSD-3-Clause'),
    (r'EPL 1\.0', 'EPL-1.0'),
    (r'EPL 2\.0|Eclipse Public License.* 2\.0', 'EPL-2.0'),
    (r'GPL2 w/ CPE|(The )?GNU General Public License.* 2.*Classpath Exception|GPL-2\.0-with-classpath-exception',
     'GPL-2.0-with-classpath-exception'),
    (r'LGPL.2\.1.*', 'LGPL-2.1'),
    (r'Lesser General Public License, version 3.*|LGPL-3.*', 'LGPL-3.0'),
    (r'(The )?MIT( License)?', 'MIT'),
    (r'MPL 1\.1', 'MPL-1.1'),
    (r'MPL 2\.0', 'MPL-2.0'),
    (r'Public Domain.*', 'Public-Domain'),
    (r'W3C.*', 'W3C'),
    (r'jQuery.*', 'jQuery'),
)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--version', required=True, help='version in Maven')
    parser.add_argument('--built', required=True, help='time of the build in ISO 8601')
    parser.add_argument('--maintainer', required=True, help='name and address')
    parser.add_argument('--control', required=True, type=pathlib.Path, help='control file of the package')
    parser.add_argument('--out', required=True, type=pathlib.Path, help='directory to write to')
    parser.add_argument('--lib', type=pathlib.Path, help='directory with the bundled libraries')
    parser.add_argument('--bom', type=pathlib.Path, help='their SBOM in the form of CycloneDX')
    parser.add_argument('--program', type=pathlib.Path, help='program whose manual pages and completion are made')
    parser.add_argument('--python', type=pathlib.Path, help='Python project')
    return parser.parse_args()


def compressed(file, data):
    """Writes a file as Debian wants documents: at the best compression, without name and time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, 'wb') as raw, gzip.GzipFile('', 'wb', 9, raw, mtime=0) as packed:
        packed.write(data)


def changelog(package, maintainer, version, built):
    time = datetime.datetime.fromisoformat(built.replace('Z', '+00:00'))
    return '%s (%s-0godwit1) unstable; urgency=medium\n\n  * Godwit %s; changelog.gz lists what is new.\n\n -- %s  %s\n' % (
        package, version.replace('-SNAPSHOT', '~SNAPSHOT'), version, maintainer, email.utils.format_datetime(time))


def text_of(licence, lib):
    text = TEXTS[licence]
    if isinstance(text, str):
        return 'On Debian systems its text is in /usr/share/common-licenses/%s.\n' % text
    pattern, member, end = text
    with zipfile.ZipFile(next(lib.glob(pattern))) as jar:
        content = jar.read(member).decode()
    return content.partition(end)[0] if end else content


def licence_of(named):
    """Returns the SPDX id of a licence in an SBOM."""
    name = named.get('expression') or named['license'].get('id') or named['license']['name']
    return next((licence for pattern, licence in NAMES if re.fullmatch(pattern, name, re.IGNORECASE)), name)


def libraries(bom, lib):
    """Returns by file name what an SBOM says of the bundled libraries: licences, name, holder of the copyright, URL."""
    found, ours = {}, set()
    for component in json.loads(bom.read_text())['components']:
        file = '%s-%s.jar' % (component['name'], component['version'])
        if component['group'] == OWN_GROUP:
            ours.add(file)
            continue
        url = next((each['url'] for each in component.get('externalReferences', ()) if each['type'] == 'website'), None)
        found[file] = (sorted({licence_of(each) for each in component.get('licenses', ())}),
                       ', '.join(filter(None, (component.get('publisher', 'its authors'), url))))
    bundled = {jar.name for jar in lib.glob('*.jar')}
    missing = bundled - ours - set(found)
    if missing:
        sys.exit('stage.py: %s lacks libraries of %s: %s' % (bom, lib, ', '.join(sorted(missing))))
    # The SBOM also has what libraries need for their own compilation.
    return {file: what for file, what in found.items() if file in bundled}


def copyright_of(options):
    text = 'Godwit\nCopyright %s The Godwit authors\n\nLicensed under the Apache License, Version 2.0. %s' % (
        options.built[:4], text_of('Apache-2.0', None))
    if not options.bom:
        return text
    found = libraries(options.bom, options.lib)
    licences = sorted({licence for named, _ in found.values() for licence in named})
    unknown = [licence for licence in licences if licence not in TEXTS and licence not in WITHOUT_TEXT]
    unknown += [file for file, (named, _) in found.items() if not named]
    if unknown:
        sys.exit('stage.py: no text of a licence for: %s. Is it compatible with Apache-2.0? Then say in packaging/stage.py where '
                 'its text is.' % ', '.join(unknown))
    text += '''
The package contains the libraries below, with the licences that each names. Where it names several, its authors leave the choice,
or use them for different parts. The jars contain their own notices in META-INF.

'''
    text += ''.join('%s: %s\n    Copyright %s\n' % (file, ', '.join(named), holder) for file, (named, holder) in sorted(found.items()))
    for licence in licences:
        if licence in TEXTS:
            text += '\n%s\n%s\n\n%s' % ('-' * 80, licence, text_of(licence, options.lib))
    return text


def manual(program, package, out):
    """Has a program write its manual pages and its completion."""
    written = out.parent / (package + '-manual')
    shutil.rmtree(written, ignore_errors=True)
    subprocess.run([program, 'manual', written], check=True, timeout=60)
    for page in written.glob('*.1'):
        compressed(out / 'usr/share/man/man1' / (page.name + '.gz'), page.read_bytes())
    completions = out / 'usr/share/bash-completion/completions'
    completions.mkdir(parents=True)
    for completion in written.glob('*.bash'):
        shutil.copyfile(completion, completions / completion.stem)


def python(project, out):
    """Copies the packages of a Python project, with their metadata if it has entry points."""
    target = out / 'usr/lib/python3/dist-packages'
    settings = (project / 'setup.cfg').read_text()
    listed = re.search(r'^packages =((?: \S+)|(?:\n    \S+)+)$', settings, re.MULTILINE).group(1).split()
    for package in listed:
        path = package.replace('.', '/')
        shutil.copytree(project / path, target / path, ignore=shutil.ignore_patterns('__pycache__'))
    if 'entry_points' in settings:
        subprocess.run([sys.executable, 'setup.py', '-q', 'egg_info', '--egg-base', target.resolve()], cwd=project, check=True,
                       timeout=60)


def main():
    options = arguments()
    package = re.search(r'^Package: (.*)$', options.control.read_text(), re.MULTILINE).group(1)
    shutil.rmtree(options.out, ignore_errors=True)
    documents = options.out / 'usr/share/doc' / package
    compressed(documents / 'changelog.gz', (ROOT / 'CHANGELOG.md').read_bytes())
    compressed(documents / 'changelog.Debian.gz',
               changelog(package, options.maintainer, options.version, options.built).encode())
    (documents / 'copyright').write_text(copyright_of(options))
    if options.bom:
        shutil.copyfile(options.bom, documents / 'bom.json')
    if options.program:
        manual(options.program, package, options.out)
    if options.python:
        python(options.python, options.out)
    overrides = options.control.parent.parent / 'lintian-overrides'
    if overrides.exists():
        target = options.out / 'usr/share/lintian/overrides' / package
        target.parent.mkdir(parents=True)
        shutil.copyfile(overrides, target)


if __name__ == '__main__':
    main()
