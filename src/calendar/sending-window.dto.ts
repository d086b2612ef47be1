import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  buildMessage,
  IsArray,
  IsBoolean,
  IsIn,
  ValidateBy,
  type ValidationArguments,
} from 'class-validator';
import { isTimeOfDay, IsTimeOfDay } from './local-time-rules';
import { DEFAULT_WINDOW, type SendingWindow } from './sending-window';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

const LATER = {
  context: {
    vi: 'Giờ kết thúc phải sau giờ bắt đầu: khung giờ gửi không kéo dài qua nửa đêm. Hãy sửa một trong hai giờ.',
    en: 'The end must be later than the start: a window does not pass midnight. Correct one of the two.',
  },
};

/** `HH:MM` texts compare as the times they are. */
const IsLaterThanFrom = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isLater',
      validator: {
        validate: (value: unknown, { object }: ValidationArguments) => {
          const { from } = object as SendingWindowDto;
          return !isTimeOfDay(from) || !isTimeOfDay(value) || from < value;
        },
        defaultMessage: buildMessage(() => 'must be later than from'),
      },
    },
    LATER,
  );

/** Hours and days at which texts may leave. */
export class SendingWindowDto implements SendingWindow {
  @ApiProperty({ example: DEFAULT_WINDOW.from, description: "Vietnam's time" })
  @IsTimeOfDay()
  from: string;

  @ApiProperty({ example: DEFAULT_WINDOW.to, description: 'From this minute on nothing leaves any more' })
  @IsTimeOfDay()
  @IsLaterThanFrom()
  to: string;

  @ApiProperty({ type: [Number], example: DEFAULT_WINDOW.days, description: '1 Monday … 7 Sunday' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(7)
  @ArrayUnique()
  @IsIn(WEEKDAYS, { each: true })
  days: number[];

  @ApiProperty({ description: 'Whether public holidays count as any other day' })
  @IsBoolean()
  onHolidays: boolean;
}
