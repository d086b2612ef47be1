import { faultOf, Workbooks } from '../../../../test/subscribers/open-workbook';
import type { Parts } from '../../../../test/subscribers/make-xlsx';

const workbooks = new Workbooks();
afterAll(() => workbooks.remove());

const NAMESPACES =
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" ' +
  'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" ' +
  'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"';

/** The parts of an .ods as LibreOffice names them. */
function parts(tables: string, extra: Parts = {}): Parts {
  return {
    mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
    'content.xml':
      `<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content ${NAMESPACES} office:version="1.3"><office:automatic-styles>` +
      '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>' +
      '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>' +
      `</office:automatic-styles><office:body><office:spreadsheet>${tables}</office:spreadsheet></office:body></office:document-content>`,
    'META-INF/manifest.xml': '<manifest:manifest xmlns:manifest="m"/>',
    ...extra,
  };
}

const table = (rows: string, name = 'A', style = 'ta1'): string =>
  `<table:table table:name="${name}" table:style-name="${style}"><table:table-column/>${rows}</table:table>`;
const row = (cells: string, attributes = ''): string => `<table:table-row ${attributes}>${cells}</table:table-row>`;
const cell = (content: string, attributes = 'office:value-type="string"'): string =>
  `<table:table-cell ${attributes}>${content}</table:table-cell>`;
const text = (content: string): string => cell(`<text:p>${content}</text:p>`);
const open = (tables: string, choice = {}, limits = {}) => workbooks.open(parts(tables), 'ds.ods', choice, limits);
const cellsOf = async (cells: string): Promise<readonly string[]> => (await open(table(row(cells)))).cells[0]!;

describe('cells of an .ods', () => {
  it.each([
    ['float" office:value="912345678', '9.12E+08', '912345678'],
    ['float" office:value="84912345678', '84 912 345 678', '84912345678'],
    ['float" office:value="0.30000000000000004', '0,3', '0.3'],
    ['percentage" office:value="0.5', '50%', '0.5'],
    ['currency" office:value="1500000', '1.500.000 ₫', '1500000'],
    ['date" office:date-value="2021-05-23', '23/05/21', '2021-05-23'],
    ['date" office:date-value="2021-05-23T00:00:00', '23/05/21', '2021-05-23'],
    ['date" office:date-value="2021-05-23T07:30:00.000000000', '23/05/21', '2021-05-23T07:30:00'],
    ['time" office:time-value="PT07H30M00S', '07:30', '07:30:00'],
    ['time" office:time-value="PT36H00M00.5S', '36:00', '1900-01-01T12:00:00'],
    ['boolean" office:boolean-value="true', 'ĐÚNG', 'TRUE'],
    ['boolean" office:boolean-value="false', 'SAI', 'FALSE'],
    ['string" office:string-value="" calcext:value-type="error', '#N/A', '#N/A'],
    ['constructor', 'gì đó', 'gì đó'],
  ])('of type %s that show %s give %s', async (type, shown, expected) => {
    expect(await cellsOf(cell(`<text:p>${shown}</text:p>`, `office:value-type="${type}"`))).toEqual([expected]);
  });

  it('have their lines, blanks and links, but not their comments, notes and pictures', async () => {
    const cells =
      text('Nguyễn <text:span>Văn</text:span> <text:a>An</text:a>') +
      cell('<text:p>ấp 1</text:p><text:p>xã 2</text:p>') +
      text('a<text:s text:c="3"/>b<text:s/>c<text:tab/>d<text:line-break/>e \n  f') +
      cell(
        '<office:annotation><text:p>gọi lại <text:span>sau</text:span></text:p></office:annotation><text:p>0912345678</text:p>',
      ) +
      cell('<text:p>An</text:p><draw:frame><draw:text-box><text:p>ảnh</text:p></draw:text-box></draw:frame>');
    expect(await cellsOf(cells)).toEqual(['Nguyễn Văn An', 'ấp 1\nxã 2', 'a   b c\td\ne f', '0912345678', 'An']);
  });

  it('that are formulas without a result give themselves; with an empty result they are empty', async () => {
    const formula = 'table:formula="of:=[.A1]&amp;[.B1]"';
    const empty = cell('', `${formula} office:value-type="string" office:string-value=""`);
    expect(await cellsOf(cell('', formula) + empty + text('x'))).toEqual(['=[.A1]&[.B1]', '', 'x']);
  });

  it('stand in their columns where equal ones are written once', async () => {
    const blank = '<table:table-cell table:number-columns-repeated="2"/>';
    const twice = cell('<text:p>x</text:p>', 'office:value-type="string" table:number-columns-repeated="2"');
    const behind = '<table:table-cell table:number-columns-repeated="16379"/>';
    expect(await cellsOf(blank + twice + text('y') + behind)).toEqual(['', '', 'x', 'x', 'y']);
  });
});

describe('rows of an .ods', () => {
  it('have the numbers that are shown where equal and empty ones are written once', async () => {
    const rows =
      `<table:table-header-rows>${row(text('SĐT'))}</table:table-header-rows>` +
      row('<table:table-cell/>', 'table:number-rows-repeated="3"') +
      `<table:table-row-group>${row(text('0912345678'), 'table:number-rows-repeated="2"')}</table:table-row-group>` +
      row(text('0387654321')) +
      row('<table:table-cell table:number-columns-repeated="1024"/>', 'table:number-rows-repeated="1048569"');
    expect((await open(table(rows))).all).toEqual([
      { rowNumber: 1, cells: ['SĐT'] },
      { rowNumber: 5, cells: ['0912345678'] },
      { rowNumber: 6, cells: ['0912345678'] },
      { rowNumber: 7, cells: ['0387654321'] },
    ]);
  });

  it('repeat the value of a cell merged over them', async () => {
    const merged = cell('<text:p>Vĩnh Hòa</text:p>', 'office:value-type="string" table:number-rows-spanned="2"');
    const covered = '<table:covered-table-cell/>';
    const rows = row(merged + text('1')) + row(covered + text('2')) + row(cell('', '') + text('3'));
    expect((await open(table(rows))).cells).toEqual([
      ['Vĩnh Hòa', '1'],
      ['Vĩnh Hòa', '2'],
      ['', '3'],
    ]);
  });

  it('come from the first visible table with content; a table within a cell is none', async () => {
    const tables =
      table(row(text('ẩn')), 'Nháp', 'ta2') +
      table(
        row(`<table:table-cell><table:table table:name="x">${row(text('trong'))}</table:table></table:table-cell>`),
        'Trống',
      ) +
      table(row(text('một')), 'Danh sách &amp; khác');
    const opened = await open(tables);
    expect(opened).toMatchObject({ format: 'ods', sheet: 'Danh sách & khác', cells: [['một']] });
    expect(opened.sheets).toEqual([
      { name: 'Nháp', hidden: true },
      { name: 'Trống', hidden: false },
      { name: 'Danh sách & khác', hidden: false },
    ]);
    expect(await faultOf(open(tables, { sheet: 'Nháp' }))).toBe('import.hidden-sheet');
    expect(await faultOf(open(table(row(text('ẩn')), 'Nháp', 'ta2')))).toBe('import.no-visible-sheet');
  });
});

describe('an .ods that is refused', () => {
  it('is behind a password', async () => {
    const manifest =
      '<manifest:manifest xmlns:manifest="m"><manifest:file-entry manifest:full-path="content.xml">' +
      '<manifest:encryption-data/></manifest:file-entry></manifest:manifest>';
    const encrypted = parts('', { 'META-INF/manifest.xml': manifest, 'content.xml': Buffer.from([1, 2, 3, 255]) });
    expect(await faultOf(workbooks.open(encrypted, 'ds.ods'))).toBe('import.encrypted');
  });

  it('unpacks to more than it may, wherever the excess is', async () => {
    const limits = { maxUncompressedBytes: 1_000_000 };
    const bomb = ' '.repeat(5_000_000);
    expect(await faultOf(open(table(row(text(bomb))), {}, limits))).toBe('import.unpacked-too-large');
    const manifest = { 'META-INF/manifest.xml': `<manifest>${bomb}</manifest>` };
    expect(await faultOf(workbooks.open(parts(table(row(text('x'))), manifest), 'ds.ods', {}, limits))).toBe(
      'import.unpacked-too-large',
    );
  });

  it.each([
    ['rows', row(text('x'), 'table:number-rows-repeated="1000000000"'), 'import.too-many-rows'],
    ['rows', row(text('x'), 'table:number-rows-repeated="1e99"'), 'import.damaged-file'],
    ['cells', row(cell('<text:p>x</text:p>', 'table:number-columns-repeated="1000000000"')), 'import.too-many-columns'],
    ['blanks', row(text('a<text:s text:c="1000000000"/>')), 'import.cell-too-long'],
    ['lines', row(cell('<text:p>x</text:p>'.repeat(1_000))), 'import.cell-too-long'],
  ])('says of a few %s that they are endless', async (_, rows, code) => {
    expect(await faultOf(open(table(rows)))).toBe(code);
  });

  it('has too many merged cells', async () => {
    const merged = cell('<text:p>x</text:p>', 'office:value-type="string" table:number-rows-spanned="2"');
    const rows = row(merged.repeat(40)).repeat(2_600);
    expect(await faultOf(open(table(rows)))).toBe('import.too-many-merged-cells');
  });

  it('is cut off, or is no spreadsheet inside', async () => {
    const whole = parts(table(row(text('x'))));
    const cut = { ...whole, 'content.xml': String(whole['content.xml']).slice(0, -30) };
    expect(await faultOf(workbooks.open(cut, 'ds.ods'))).toBe('import.damaged-file');
    const other = { ...whole, 'content.xml': '<office:document-content xmlns:office="o"/>' };
    expect(await faultOf(workbooks.open(other, 'ds.ods'))).toBe('import.damaged-file');
    expect(await faultOf(workbooks.open({ mimetype: whole.mimetype! }, 'ds.ods'))).toBe('import.damaged-file');
  });
});
