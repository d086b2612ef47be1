const KIND = /^(?:Xã|Phường|Thị trấn|Đặc khu|Ấp|Khóm|Thôn|Tổ dân phố)(?= \p{L})/u;

/**
 * The name of an area or a hamlet as it stands within a sentence: "xã Mỹ Đức", but "Phường 3". The common noun is written
 * small unless a number makes the name (Decree 30/2020/NĐ-CP, appendix II, part III, 1a and 1b; names of persons and
 * events, which also make it large, cannot be told from others).
 */
export function areaInText(name: string): string {
  return KIND.test(name) ? name[0]!.toLowerCase() + name.slice(1) : name;
}
