import { valuesFor } from './recipient.read-model';
import { compileTemplate } from './render';
import type { TemplateVariable } from './template-source';

describe('the values of one recipient', () => {
  const variables: Record<string, TemplateVariable> = {
    ho_ten: { source: 'subscriber', field: 'fullName', label: 'Họ tên', default: 'cử tri' },
    xa: { source: 'subscriber', field: 'areaName', label: 'Xã' },
    ap: { source: 'subscriber', field: 'hamlet', label: 'Ấp', default: 'địa phương' },
    gio: { source: 'campaign', label: 'Giờ', default: '7 giờ' },
    ngay: { source: 'campaign', label: 'Ngày' },
  };
  const recipient = { fullName: 'Lê Bé', areaName: 'Xã Mỹ Đức', hamlet: 'Ấp Mỹ Chánh' };

  it('come from the record, as they stand in a sentence, and from the campaign', () => {
    expect(valuesFor(variables, recipient, { gio: '6 giờ', ngay: '23/5/2021', khac: 'x' })).toEqual({
      ho_ten: 'Lê Bé',
      xa: 'xã Mỹ Đức',
      ap: 'ấp Mỹ Chánh',
      gio: '6 giờ',
      ngay: '23/5/2021',
    });
  });

  it('are the defaults where the record or the campaign has none; a blank one counts as none', () => {
    const nobody = { fullName: ' \u00a0', areaName: null, hamlet: null };
    expect(valuesFor(variables, nobody, { gio: '', ngay: '' })).toEqual({
      ho_ten: 'cử tri',
      xa: '',
      ap: 'địa phương',
      gio: '7 giờ',
      ngay: '',
    });
  });

  it('are blank where a record says nothing, so that an if may ask; absent where nobody typed one for the campaign', () => {
    const fields: typeof variables = {
      ap: { source: 'subscriber', field: 'hamlet', label: 'Ấp' },
      gio: { source: 'campaign', label: 'Giờ' },
    };
    const { missing, render } = compileTemplate(
      'Mời cử tri{{#if ap}} {{ap}}{{/if}} đi bầu{{#if gio}} lúc {{gio}}{{/if}}',
    );
    const nowhere = { fullName: null, areaName: null, hamlet: null };
    expect(missing(valuesFor(fields, nowhere, {}))).toEqual(['gio']);
    expect(render(valuesFor(fields, nowhere, { gio: '' }))).toBe('Mời cử tri đi bầu');
    expect(render(valuesFor(fields, recipient, { gio: '7 giờ' }))).toBe('Mời cử tri ấp Mỹ Chánh đi bầu lúc 7 giờ');
    expect(compileTemplate('Cử tri {{ap}}').missing(valuesFor(fields, nowhere, {}))).toEqual(['ap']);
  });
});
