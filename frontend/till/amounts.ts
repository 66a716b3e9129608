/** Sums, percents, quantities and times as people read them, by Intl in the reader's language. */

import { type Kopecks, toContract } from "./money";

export type Locale = "ru" | "en";

const TAGS: Record<Locale, string> = { ru: "ru-RU", en: "en-GB" };

/** The language's tag for Intl and for Accept-Language. */
export function tag(locale: Locale): string {
  return TAGS[locale];
}

type DecimalText = Intl.StringNumericLiteral;

/** A contract sum or kopecks as «3 119,80 ₽». The decimal text goes to Intl as it is: no fraction is computed. */
export function sum(money: string | Kopecks, locale: Locale): string {
  const text = typeof money === "string" ? money : toContract(money);
  const options: Intl.NumberFormatOptions = { style: "currency", currency: "RUB", currencyDisplay: "narrowSymbol", minimumFractionDigits: 2 };
  return new Intl.NumberFormat(TAGS[locale], options).format(text as DecimalText);
}

/** A discount such as "7.5" as «7,5 %». */
export function percent(points: string, locale: Locale): string {
  const number = new Intl.NumberFormat(TAGS[locale], { maximumFractionDigits: 2 }).format(points as DecimalText);
  return locale === "ru" ? `${number}\u00A0%` : `${number}%`;
}

/** A quantity such as "1.5" as «1,5». */
export function quantity(text: string, locale: Locale): string {
  return new Intl.NumberFormat(TAGS[locale], { maximumFractionDigits: 3 }).format(text as DecimalText);
}

/** The hour and minute at the outlet, «14:05». */
export function hour(instant: string, timeZone: string, locale: Locale): string {
  return new Intl.DateTimeFormat(TAGS[locale], { hour: "2-digit", minute: "2-digit", timeZone }).format(new Date(instant));
}

/** The day and hour at the outlet, «22 ноября, 14:05». */
export function moment(instant: string, timeZone: string, locale: Locale): string {
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone };
  return new Intl.DateTimeFormat(TAGS[locale], options).format(new Date(instant));
}

/** A calendar day of the contract, «22 ноября 2026 г.». */
export function day(date: string, locale: Locale): string {
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(TAGS[locale], options).format(new Date(`${date}T00:00:00Z`));
}

/** The local date at the outlet, as the contract writes a Date. */
export function businessDate(instant: string, timeZone: string): string {
  const options: Intl.DateTimeFormatOptions = { year: "numeric", month: "2-digit", day: "2-digit", timeZone };
  return new Intl.DateTimeFormat("en-CA", options).format(new Date(instant));
}
