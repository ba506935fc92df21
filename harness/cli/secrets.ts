import { EXIT, UserError } from "../user-error.ts";

/** Names of variables whose values open something. */
const SECRET = /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY/i;

/**
 * Programs of strangers that run as our user, in our process table, can read what we were started with
 * (`/proc/PID/environ`), and send it anywhere.
 *
 * @throws UserError when there is anything worth reading
 */
export function assertNoSecrets(environment: Readonly<Record<string, string | undefined>>): void {
  const names = Object.keys(environment).filter((name) => SECRET.test(name) && environment[name] !== "");
  if (names.length === 0) return;
  throw new UserError({
    code: "secrets-in-reach",
    what: {
      en: `The programs would not be isolated, and could read what looks like secrets in the environment: ${names.join(", ")}.`,
      id: `Program-program itu tidak akan terisolasi, dan bisa membaca yang tampak seperti rahasia di environment: ${names.join(", ")}.`,
    },
    help: {
      en: "Start Gema without these variables (env -u NAME), on Linux with bubblewrap, or with --allow-unsafe if they are no secrets.",
      id: "Jalankan Gema tanpa variabel itu (env -u NAMA), di Linux dengan bubblewrap, atau dengan --allow-unsafe jika itu bukan rahasia.",
    },
    exit: EXIT.broken,
  });
}
