import { SaxesParser } from 'saxes';
import { damagedWorkbook } from '../read-faults';

export type XmlAttributes = Readonly<Record<string, string>>;

/** What happens while a part is read. Names come without their namespace prefix. */
export interface XmlHandler {
  open(name: string, attributes: XmlAttributes): void;
  close(name: string): void;
  text(text: string): void;
}

/** A text or tag this long is none that a spreadsheet program writes; until it ends, the parser holds it in memory. */
const MAX_TOKEN_CHARACTERS = 4 * 1024 * 1024;
const MAX_DEPTH = 64;

/**
 * Feeds an XML part to a handler piece by piece, with memory bounded whatever the part holds: depth and length of a token
 * are limited, external entities and own ones do not exist for the parser (saxes knows only the five of XML).
 *
 * @throws damagedWorkbook, and what the handler throws
 */
export class XmlFeed {
  private readonly parser = new SaxesParser<{ position: false; xmlns: false }>({ position: false, xmlns: false });
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private pendingCharacters = 0;
  private depth = 0;

  constructor(handler: XmlHandler) {
    this.parser.on('error', () => {
      throw damagedWorkbook();
    });
    this.parser.on('opentag', ({ name, attributes }) => {
      this.pendingCharacters = 0;
      this.depth += 1;
      if (this.depth > MAX_DEPTH) throw damagedWorkbook();
      handler.open(localName(name), attributes);
    });
    this.parser.on('closetag', ({ name }) => {
      this.pendingCharacters = 0;
      this.depth -= 1;
      handler.close(localName(name));
    });
    const text = (content: string): void => {
      this.pendingCharacters = 0;
      handler.text(content);
    };
    this.parser.on('text', text);
    this.parser.on('cdata', text);
  }

  write(bytes: Buffer): void {
    const text = this.decode(bytes);
    this.parser.write(text);
    this.pendingCharacters += text.length;
    if (this.pendingCharacters > MAX_TOKEN_CHARACTERS) throw damagedWorkbook();
  }

  end(): void {
    this.parser.write(this.decode());
    this.parser.close();
  }

  private decode(bytes?: Buffer): string {
    try {
      return bytes ? this.decoder.decode(bytes, { stream: true }) : this.decoder.decode();
    } catch {
      throw damagedWorkbook();
    }
  }
}

/** Reads a part whole. */
export async function readXml(bytes: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  const feed = new XmlFeed(handler);
  for await (const chunk of bytes) feed.write(chunk);
  feed.end();
}

/** Some programs write `<x:row>` for `<row>`. */
function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

/** An attribute by its local name, such as the `id` of `r:id`. */
export function attributeNamed(attributes: XmlAttributes, local: string): string | undefined {
  const name = Object.keys(attributes).find((candidate) => localName(candidate) === local && candidate.includes(':'));
  return name === undefined ? attributes[local] : attributes[name];
}
