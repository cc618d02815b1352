import { Component, type ReactNode } from 'react'
import { type ErrorReport, toErrorReport } from '../../src-main/shared/errors.ts'
import { ErrorReportBanner } from './error-report-banner.tsx'

interface Props {
  address: string
  children: ReactNode
}

/** Keeps the frame usable when a view cannot be drawn; another address tries again. */
export class ViewBoundary extends Component<Props, { report: ErrorReport | null }> {
  override state: { report: ErrorReport | null } = { report: null }

  static getDerivedStateFromError(error: unknown) {
    return { report: toErrorReport(error) }
  }

  override componentDidUpdate(before: Props) {
    if (before.address !== this.props.address && this.state.report) this.setState({ report: null })
  }

  override render() {
    if (!this.state.report) return this.props.children
    return <ErrorReportBanner report={this.state.report} onRetry={() => this.setState({ report: null })} />
  }
}
