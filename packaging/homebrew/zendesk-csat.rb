# Written by `cargo xtask artifacts index` for each release.
class ZendeskCsat < Formula
  desc "Every CSAT rating of a Zendesk account, in one table and one report"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/zendesk-csat-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256 aarch64-apple-darwin@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/zendesk-csat-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256 x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/zendesk-csat-@VERSION@-aarch64-unknown-linux-gnu.tar.gz"
      sha256 "@SHA256 aarch64-unknown-linux-gnu@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/zendesk-csat-@VERSION@-x86_64-unknown-linux-gnu.tar.gz"
      sha256 "@SHA256 x86_64-unknown-linux-gnu@"
    end
  end

  def install
    bin.install "zendesk-csat"
    generate_completions_from_executable(bin/"zendesk-csat", "completions")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/zendesk-csat --version")
    assert_match "CSAT", shell_output("#{bin}/zendesk-csat demo --tickets 200")
  end
end
