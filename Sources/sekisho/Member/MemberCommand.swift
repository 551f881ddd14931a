import ArgumentParser

struct MemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member",
        abstract: "Members of the federation: who they are, in what standing and why, and every step from application to withdrawal.",
        subcommands: [
            MemberList.self, MemberShow.self, MemberStatus.self, MemberEvents.self, MemberApply.self, MemberAdd.self, MemberExamine.self,
            MemberSendBack.self, MemberAccredit.self, MemberSuspend.self, MemberReinstate.self, MemberWithdraw.self,
            MemberProposalList.self, MemberApprove.self, MemberReject.self, MemberSign.self, MemberRollback.self,
            MemberTestCommand.self,
        ])
}
