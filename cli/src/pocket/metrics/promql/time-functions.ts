type Part = (date: Date) => number;

const PARTS: Readonly<Record<string, Part>> = {
  minute: (date) => date.getUTCMinutes(),
  hour: (date) => date.getUTCHours(),
  day_of_week: (date) => date.getUTCDay(),
  day_of_month: (date) => date.getUTCDate(),
  day_of_year: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 0)) / 86_400_000),
  days_in_month: (date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  month: (date) => date.getUTCMonth() + 1,
  year: (date) => date.getUTCFullYear(),
};

/** A function that reads Unix seconds as a date in UTC, if the name is one's. */
export function timed(name: string): ((seconds: number) => number) | undefined {
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  return part && ((seconds) => part(new Date(Math.trunc(seconds) * 1000)));
}
