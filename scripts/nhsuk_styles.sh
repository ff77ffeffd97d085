#!/bin/sh
# Compiles the NHS.UK frontend styles that the report uses into the package, without web fonts and
# without images: the report must look the same in a place with no network. Needs npm.
set -eu
version=10.6.1 # the version that nhsuk-frontend-jinja in requirements.txt was made for
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --no-audit --no-fund "nhsuk-frontend@$version" sass@1
base=node_modules/nhsuk-frontend/dist/nhsuk
echo "@use \"$base/core\" with (\$nhsuk-include-font-face: false);" > site.scss
for component in breadcrumb card contents-list details footer header inset-text pagination \
    skip-link summary-list tables tag warning-callout; do
    echo "@use \"$base/components/$component\";" >> site.scss
done
# Image files belong to parts that the report does not use.
npx sass --style=compressed --no-source-map --no-charset --quiet-deps site.scss |
    sed 's#url("/assets[^)]*)#none#g' \
        > "$here/naome_assets/publication/report/assets/nhsuk-frontend.min.css"
