# SPDX-License-Identifier: BSD-2-Clause
"""qemu.py - a machine with our kernel in it, as tests use one.

    with Machine("riscv64", cmdline="loglevel=4") as m:
        m.boot()
        assert m.run("echo hello") == "hello\n"
        assert m.power_off() == 0

"mips-pg" is the same machine with the kernel in build/mips-pg: another way to build for it.

tools/qemu knows QEMU's command line.  Nothing here sleeps: every wait is for
text on the console or for the end of QEMU, and a hard limit turns a hang into a
failure that shows the console's last lines.
"""

import os
import re
import subprocess
from pathlib import Path

import pexpect
from pexpect import fdpexpect

from ktap import last_lines

TOP = Path(__file__).resolve().parent.parent
ARCHES = ("riscv64", "mips64el", "mips")
PG_BUILDS = ("mips64el-pg", "mips-pg")      # make ARCH=... MCOUNT=pg
# A machine that can only stop says on its console, as the last line, what it would have handed to QEMU.
HAS_EXIT_STATUS = ("riscv64",)
# A machine that can have several CPUs.
HAS_SMP = ("riscv64",)
VERDICT = re.compile(r"^reboot: power off, status (\d+)\n?", re.M)
RESTART = "reboot: Restarting system"
NO_VERDICT = "none: the machine stopped without a verdict"

# Seconds.  Far above what anything takes on an idle host: they only end hangs.
BOOT_LIMIT = 60
COMMAND_LIMIT = 60
OFF_LIMIT = 60

# `/path # ` on a line of its own, or, after output without a last newline, at the end of all there is.
PROMPT = re.compile(r"\n(?P<cwd>/[^\s#]*) # |(?P<end>/[^\s#]*) # $")
CTRL_C = "\x03"


class Hang(Exception):
    """The machine did not do in time what was waited for."""


class Gone(Exception):
    """QEMU ended where the machine should have gone on."""


def plain(text):
    """Console text without carriage returns and the line editor's cursor movements."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", text)


def arch_of(build):
    """The machine that a build is for."""
    return build.partition("-")[0]


class Machine:
    program = TOP / "tools/qemu"

    def __init__(self, build, cmdline="", smp=1, icount=False):
        self.arch = arch_of(build)
        self._log = []
        env = dict(os.environ, ARCH=self.arch, CMDLINE=cmdline, SMP=str(smp), ICOUNT="1" if icount else "",
                   BUILD=str(TOP / "build" / build))
        self.process = subprocess.Popen([self.program, "stdio"], env=env, bufsize=0,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        # The window bounds how much is searched again when a little more arrives.
        self._console = fdpexpect.fdspawn(self.process.stdout.fileno(), encoding="utf-8", codec_errors="replace",
                                          searchwindowsize=4096, maxread=4096)
        self._console.logfile_read = self
        self.cwd = None

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    # pexpect's log
    def write(self, text):
        self._log.append(text)

    def flush(self):
        pass

    @property
    def log(self):
        """Everything the console said so far, but for the verdict: that is an exit status in words."""
        return VERDICT.sub("", plain("".join(self._log)))

    def _verdict(self):
        text = plain("".join(self._log))
        if verdict := VERDICT.search(text):
            return int(verdict[1])
        return 0 if RESTART in text else NO_VERDICT

    def send(self, text):
        try:
            self.process.stdin.write(text.encode())
        except BrokenPipeError as e:
            raise Gone(f"QEMU ended\n{last_lines(self.log)}") from e

    def wait_for(self, pattern, limit=COMMAND_LIMIT):
        """Reads until the regular expression matches; returns (text before it, match)."""
        try:
            self._console.expect(pattern, timeout=limit)
        except pexpect.TIMEOUT:
            what = pattern if isinstance(pattern, str) else pattern.pattern
            raise Hang(f"after {limit} s still waiting for {what!r}\n{last_lines(self.log)}") from None
        except pexpect.EOF:
            raise Gone(f"QEMU ended\n{last_lines(self.log)}") from None
        return plain(self._console.before), self._console.match

    def wait_prompt(self, limit=COMMAND_LIMIT):
        """Waits for the shell's prompt, remembers its directory, returns the text before it."""
        text, match = self.wait_for(PROMPT, limit)
        self.cwd = match["cwd"] or match["end"]
        return text + "\n" if match[0].startswith("\n") else text

    def boot(self, limit=BOOT_LIMIT):
        """Waits for the first prompt; returns the boot log."""
        return self.wait_prompt(limit)

    def run(self, line, limit=COMMAND_LIMIT):
        """Types a line at the prompt, waits for the next prompt; returns what the command printed."""
        self.send(line + "\r")
        return self.output_of(line, self.wait_prompt(limit))

    @staticmethod
    def output_of(line, text):
        """`text` without the echo of the typed line."""
        echo = line + "\n"
        at = text.find(echo)
        return text[at + len(echo):] if at >= 0 else text.partition("\n")[2]

    def wait_end(self, limit=OFF_LIMIT):
        """Reads until QEMU ends by itself; returns its exit status, or what the machine said in its place."""
        try:
            self._console.expect(pexpect.EOF, timeout=limit)
            status = self.process.wait(limit)
        except (pexpect.TIMEOUT, subprocess.TimeoutExpired):
            raise Hang(f"still running after {limit} s\n{last_lines(self.log)}") from None
        return status if self.arch in HAS_EXIT_STATUS or status else self._verdict()

    def power_off(self):
        """Types poweroff at the prompt; returns QEMU's exit status as wait_end() does."""
        self.send("poweroff\r")
        return self.wait_end()


def gdb(arch, script, workdir, cmdline="", limit=120):
    """Runs gdb's commands in `script` (text) on a machine halted at reset; returns what gdb printed.

    The script ends in `kill` or lets the kernel power off.  The console goes to console.log in `workdir`.
    """
    commands = Path(workdir) / "commands.gdb"
    commands.write_text(f"set pagination off\nset confirm off\n"
                        f"target remote | exec {TOP}/tools/qemu gdbstub\n{script}\n")
    env = dict(os.environ, ARCH=arch, CMDLINE=cmdline, CONSOLE=str(Path(workdir) / "console"))
    command = ["gdb-multiarch", "-nx", "-q", "-batch", "-ex", f"file {TOP}/build/{arch}/kernel.elf",
               "-x", f"{TOP}/tools/gdb/patchbay.py", "-x", str(commands)]
    try:
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired as e:
        raise Hang(f"gdb still running after {limit} s\n{last_lines((e.stdout or b'').decode())}") from None
    return done.stdout
